import { setImmediate as nextTurn } from 'node:timers/promises';
import type { FinishReason } from '../../../domain/message';
import type { BackendUsage } from '../backend';
import { StopSequences } from '../stop-sequences';
import type { CacheSlots } from './cache-slots';
import type { Decoder } from './decoder';
import type { ModelFolder } from './model-folder';
import type { EngineRequest } from './protocol';
import type { ChooserOptions } from './sampling/chooser-options';
import { seededRandom } from './sampling/random';
import { createTokenChooser } from './sampling/token-chooser';
import { TokenDecoder, type Vocabulary } from './token-decoder';

export interface Written {
  reason: FinishReason;
  usage: BackendUsage;
}

export interface Writing {
  model: {
    folder: Pick<ModelFolder, 'eosTokenIds' | 'contextLength'>;
    decoder: Decoder;
    vocabulary: Vocabulary;
    samplingMemory: NonNullable<ChooserOptions['memory']>;
    text: ChooserOptions['text'];
  };
  /** Where the prompt has been read into. */
  slot: ReturnType<CacheSlots['take']>['slot'];
  prompt: number[];
  parameters: EngineRequest['parameters'];
  onText: (piece: string) => void;
  /** Asked between two steps; then there is no result. */
  isAborted: () => boolean;
}

/** Writes token by token what follows a prompt that has been read, until the model or a limit ends it. */
export async function writeAnswer(writing: Writing): Promise<Written | undefined> {
  const { model, slot, prompt, parameters, onText, isAborted } = writing;
  const { eosTokenIds, contextLength } = model.folder;
  const random = seededRandom(parameters.seed ?? Math.floor(Math.random() * 0x1_0000_0000));
  const { logits } = model.decoder;
  const chooser = await createTokenChooser({
    parameters,
    prompt,
    eosTokenIds,
    vocabulary: logits.length,
    text: model.text,
    random,
    memory: model.samplingMemory,
  });
  const stop = new StopSequences(parameters.stop ?? []);
  const text = new TokenDecoder(model.vocabulary);
  const limit = parameters.max_new_tokens ?? Infinity;
  let count = 0;
  const done = (reason: FinishReason): Written => {
    const rest = stop.hasStopped ? '' : stop.push(text.end()) + stop.end();
    if (rest !== '') onText(rest);
    chooser.release();
    return { reason, usage: { promptTokens: prompt.length, completionTokens: count } };
  };
  for (;;) {
    const { token } = chooser.choose(logits);
    count += 1;
    if (eosTokenIds.includes(token)) return done('stop');
    chooser.accept(token);
    const piece = stop.push(text.push(token));
    if (piece !== '') onText(piece);
    if (stop.hasStopped) return done('stop');
    if (count >= limit || slot.tokens.length >= contextLength - 1) return done('length');
    await nextTurn();
    if (isAborted()) {
      chooser.release();
      return undefined;
    }
    model.decoder.step(slot.cache, [token], slot.tokens.length);
    slot.tokens.push(token);
  }
}
