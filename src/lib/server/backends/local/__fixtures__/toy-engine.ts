import type { GenerationParameters } from '../../../../domain/parameters';
import { Answers } from '../answers';
import { Job, type JobRequest } from '../job';
import { Scheduler } from '../scheduler';
import type { Vocabulary } from '../token-decoder';
import { ToyGraph, type ToyGraphOptions } from './toy-graph';

/** Token 0 ends an answer; the others are letters. */
const vocabulary: Vocabulary = {
  pieceOf: (token) => String.fromCharCode(96 + token),
  isSpecial: (token) => token === 0,
  isAdded: () => true,
  style: { kind: 'byte-level' },
};
const eosTokenIds = [0];
const contextLength = 400;

interface Asked extends Partial<Omit<JobRequest, 'parameters'>> {
  prompt: number[];
  parameters?: GenerationParameters;
}

export interface ToyEngineOptions extends ToyGraphOptions {
  /** Waited for before the state of an answer is made, as for a grammar that is compiled. */
  beforeSequence?: (job: Job) => Promise<void>;
}

/** A scheduler over a toy graph whose tokens are letters. */
export function openToyEngine(options: ToyEngineOptions = {}, slots = 3, context = 120) {
  const { beforeSequence, ...toy } = options;
  const graph = new ToyGraph(toy);
  const answers = new Answers({
    graph,
    vocabulary,
    eosTokenIds,
    contextLength,
    encode: (text) => [...text].map((letter) => letter.charCodeAt(0) - 96),
  });
  const scheduler = new Scheduler({
    graph,
    slots,
    context,
    contextLength,
    readMs: 0.8,
    createSequence: async (job, choice) => {
      await beforeSequence?.(job);
      return answers.createSequence(job, choice);
    },
    createBeams: (job, pace) => answers.createBeams(job, pace),
  });
  const start = starter(scheduler);
  return { graph, start, ask: (asked: Asked) => start(asked).ended };
}

function starter(scheduler: Scheduler) {
  let id = 0;
  return ({ prompt, parameters = {}, scope, sharedPrefix = [] }: Asked) => {
    const texts: string[] = [];
    const fractions: number[] = [];
    let resolve: (answer: Answer) => void = () => undefined;
    const ended = new Promise<Answer>((resolved) => (resolve = resolved));
    const request = {
      prompt,
      scope,
      sharedPrefix,
      parameters: { temperature: 0, max_new_tokens: 30, ...parameters },
    };
    const answer = (ending: Partial<Answer>) =>
      resolve({ texts, text: texts[0] ?? '', fractions, ...ending });
    const job = new Job((id += 1), request, {
      onText: (choice, text) => (texts[choice] = (texts[choice] ?? '') + text),
      onProgress: (_label, fraction) => fractions.push(fraction),
      onChoiceEnd: () => undefined,
      onFinish: (reason, usage) =>
        answer({ reason, cached: usage.cachedTokens, tokens: usage.completionTokens }),
      onFault: (fault) => answer({ fault }),
    });
    scheduler.add(job);
    return { job, ended, texts };
  };
}

export interface Answer {
  texts: string[];
  text: string;
  fractions: number[];
  reason?: string;
  cached?: number | undefined;
  tokens?: number;
  fault?: unknown;
}
