import type { ServerResponse } from 'node:http';
import { fakeTokens } from './fake-tgi-tokens';
import type { FakeTgiParameters } from './fake-tgi-validation';

/** A token of the answer; `special` ones are in no text. */
export interface FakeAnswerToken {
  text: string;
  special?: boolean;
}

export interface FakeAnswer {
  /** Then comes the end-of-text token. */
  tokens?: FakeAnswerToken[];
  /** Bytes in each write; absent: one event. */
  bytesPerWrite?: number;
  /** Waited for before each token, so that a test decides when it comes. */
  beforeToken?: (index: number) => Promise<void> | undefined;
  /** A comment before each event, as the router sends it when nothing else comes for long. */
  keepsAlive?: boolean;
  /** Instead of the next token; with 0 the request fails at once. */
  fault?: { afterTokens: number; error: string; type: string };
  /** The connection ends in the middle of an event after so many tokens: in good order, or not. */
  breaks?: { afterTokens: number; how: 'end' | 'destroy' };
}

export interface FakeTask {
  answer: FakeAnswer;
  isOld: boolean;
  parameters: FakeTgiParameters;
  inputs: string;
  inputLength: number;
  onToken: () => void;
}

const sentence =
  'The quick brown fox jumps over the lazy dog while the small birds of the garden sing their song.';
export const usualAnswer: FakeAnswerToken[] = (`${sentence} And then they rest.`.match(/\s*\S+/gu) ?? []).map(
  (text) => ({ text }),
);

interface Step {
  token: { id: number; text: string; logprob: number; special: boolean };
  top: Step['token'][];
  /** Set with the last token. */
  end?: { text: string; reason: 'length' | 'eos_token' | 'stop_sequence' };
}

/** The tokens of an answer until one of the three ends, which are tested in the order of the real server. */
function* stepsOf({ answer, parameters }: FakeTask): Generator<Step> {
  const tokens = [...(answer.tokens ?? usualAnswer), { text: '</s>', special: true }];
  let text = '';
  for (const [index, { text: piece, special = false }] of tokens.entries()) {
    const token = { id: 1000 + index, text: piece, logprob: -0.25 - index / 1000, special };
    // Not in the order of their probabilities, as a set of the chosen token and the likeliest is not.
    const others = Array.from({ length: parameters.top_n_tokens ?? 0 }, (_, place) => ({
      ...token,
      id: 5000 + place,
      text: place === 0 ? piece : ` other${String(place)}`,
      logprob: -0.25 - index / 1000 - place,
    })).reverse();
    if (!special) text += piece;
    const reason = endOf(index + 1, { piece, special, text, parameters });
    yield { token, top: others, ...(reason && { end: { text, reason } }) };
    if (reason) return;
  }
}

function endOf(
  written: number,
  {
    piece,
    special,
    text,
    parameters,
  }: { piece: string; special: boolean; text: string; parameters: FakeTgiParameters },
): 'length' | 'eos_token' | 'stop_sequence' | undefined {
  if (written === (parameters.max_new_tokens ?? 100)) return 'length';
  if (special && piece === '</s>') return 'eos_token';
  // Only where a token ends with it: one in the middle of a token is not noticed.
  return parameters.stop?.some((sequence) => text.endsWith(sequence)) ? 'stop_sequence' : undefined;
}

/** Writes the events of an answer, or the one event of a fault; the status is 200 either way. */
export async function streamAnswer(
  response: ServerResponse,
  task: FakeTask,
  fault: object | undefined,
): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  const { answer, isOld } = task;
  const frame = (data: object) => `data:${isOld ? '' : ' '}${JSON.stringify(data)}\n\n`;
  if (fault) {
    response.end(frame(fault));
    return;
  }
  let written = 0;
  for (const step of stepsOf(task)) {
    await answer.beforeToken?.(written);
    if (response.destroyed) return;
    if (answer.fault?.afterTokens === written) {
      response.end(frame({ error: answer.fault.error, error_type: answer.fault.type }));
      return;
    }
    const event = frame(eventOf(step, written, task));
    if (answer.breaks?.afterTokens === written) {
      breakOff(response, event, answer.breaks.how);
      return;
    }
    await write(response, (answer.keepsAlive ? ':\n\n' : '') + event, answer.bytesPerWrite);
    written += 1;
    task.onToken();
  }
  response.end();
}

function breakOff(response: ServerResponse, event: string, how: 'end' | 'destroy'): void {
  const half = event.slice(0, event.length / 2);
  if (how === 'end') response.end(half);
  else response.write(half, () => response.destroy());
}

function eventOf({ token, top, end }: Step, written: number, task: FakeTask): object {
  const { parameters, inputs, inputLength, isOld } = task;
  const full = parameters.return_full_text === true ? inputs : '';
  return {
    // The event of the prompt has taken one number.
    ...(!isOld && { index: written + 2 }),
    token,
    ...(top.length > 0 && { top_tokens: top }),
    generated_text: end ? full + end.text : null,
    details:
      end && parameters.details === true
        ? {
            finish_reason: end.reason,
            generated_tokens: written + 1,
            seed: parameters.seed ?? null,
            ...(!isOld && { input_length: inputLength }),
          }
        : null,
  };
}

/** What `/generate` gives at once. */
export function answerWhole(task: FakeTask): object {
  const { parameters } = task;
  const steps = [...stepsOf(task)];
  const end = steps.at(-1)?.end;
  const tops = steps.map(({ top }) => top);
  return {
    generated_text: end?.text,
    ...(parameters.details === true && {
      details: {
        finish_reason: end?.reason,
        generated_tokens: steps.length,
        seed: null,
        prefill: parameters.decoder_input_details ? prefillOf(task.inputs) : [],
        tokens: steps.map(({ token }) => token),
        ...(parameters.top_n_tokens && { top_tokens: tops }),
      },
    }),
  };
}

/** Of each token of the prompt how likely it was after those before it; of the first, nothing. */
function prefillOf(inputs: string): object[] {
  return fakeTokens(inputs).map(({ id, text }, at) => ({ id, text, logprob: at === 0 ? null : -at }));
}

async function write(response: ServerResponse, text: string, bytesPerWrite = Infinity): Promise<void> {
  const bytes = Buffer.from(text);
  const step = Math.min(bytes.length, bytesPerWrite);
  for (let at = 0; at < bytes.length; at += step) {
    response.write(bytes.subarray(at, at + step));
    // Each write in a packet of its own.
    await new Promise((resolve) => setImmediate(resolve));
  }
}
