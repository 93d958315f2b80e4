import type { FinishReason } from '../../domain/message';
import { describeParameter, parameterNames } from '../../domain/parameters';
import type { GenerationDetails } from '../../domain/prompt';
import { valueWords } from './value-words';

export interface Fact {
  label: string;
  value: string;
  /** Its name on the wire. */
  name?: string;
}

const endWords: Record<GenerationDetails['status'], string> = {
  queued: 'Not begun yet',
  running: 'Still being written',
  completed: 'The model ended it',
  stopped: 'Stopped',
  failed: 'Failed',
  interrupted: 'Interrupted: the server was restarted',
};

const cutWords: Partial<Record<FinishReason, string>> = {
  length: 'The greatest length was reached',
  time: 'The longest time was reached',
};

/** What a run cost and how it went, in words; what is not known is left out. */
export function runFacts({ usage, status, finishReason, createdAt }: GenerationDetails): Fact[] {
  const { promptTokens, completionTokens, cachedTokens, firstTextMs, durationMs } = usage ?? {};
  const writingMs = (durationMs ?? 0) - (firstTextMs ?? 0);
  const perSecond = completionTokens !== undefined && writingMs > 0 && (completionTokens * 1000) / writingMs;
  const cut = finishReason && cutWords[finishReason];
  return [
    fact('Prompt', promptTokens, 'token'),
    fact('Answer', completionTokens, 'token'),
    fact('Reused', cachedTokens, 'token'),
    firstTextMs !== undefined && { label: 'First text after', value: seconds(firstTextMs) },
    durationMs !== undefined && { label: 'Took', value: seconds(durationMs) },
    typeof perSecond === 'number' && { label: 'Speed', value: `${rounded(perSecond)} tokens/s` },
    { label: 'End', value: cut ?? endWords[status] },
    { label: 'Asked', value: createdAt.toLocaleString('en', { dateStyle: 'medium', timeStyle: 'short' }) },
  ].filter((one) => one !== false);
}

/** What was in force: how the prompt was made, and the parameters in the order of the table. */
export function parameterFacts({ parameters, isRaw }: GenerationDetails): Fact[] {
  const set = parameterNames.flatMap((name) => {
    const value = parameters[name];
    return value === undefined
      ? []
      : [{ label: describeParameter(name).label, value: valueWords(value), name }];
  });
  return isRaw ? [{ label: 'Raw completion', value: 'on', name: 'isRaw' }, ...set] : set;
}

function fact(label: string, count: number | undefined, noun: string): Fact | false {
  if (count === undefined) return false;
  return { label, value: `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}` };
}

function seconds(ms: number): string {
  return ms < 1000 ? `${String(Math.round(ms))} ms` : `${rounded(ms / 1000)} s`;
}

function rounded(value: number): string {
  return value.toLocaleString('en', { maximumFractionDigits: value < 100 ? 1 : 0 });
}
