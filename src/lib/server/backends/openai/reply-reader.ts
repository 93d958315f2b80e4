import { AppError } from '../../../domain/errors';
import type { BackendEvent, BackendUsage } from '../backend';
import { payloadError } from '../http/upstream-error';
import { ChoiceReader, type ChoiceOptions } from './choice-reader';
import { choicesOf, record, usageOf } from './payload';

export interface ReplyOptions extends ChoiceOptions {
  /** Answers that were asked for. */
  count: number;
  /** The server leaves an answer for another request, and says no more of that than `[DONE]` without a reason. */
  writesOne?: boolean | undefined;
}

/** Makes events of the objects of a reply, whole or in a stream, whatever server it is of. No I/O. */
export class ReplyReader {
  private readonly choices: ChoiceReader[];
  private readonly ended = new Set<number>();
  private usage: BackendUsage | undefined;
  private isDone = false;
  private hasSaid = false;

  constructor(private readonly options: ReplyOptions) {
    this.choices = Array.from({ length: options.count }, (_, index) => new ChoiceReader(index, options));
  }

  /** Every answer has its end; what may follow is the usage. */
  get hasFinished(): boolean {
    return this.choices.every(({ finish }) => finish !== undefined);
  }

  /** Nothing has come at all. */
  get isEmpty(): boolean {
    return !this.hasSaid && !this.isDone;
  }

  /** Every answer was ended here, by a stop sequence: nothing more is of interest. */
  get hasStopped(): boolean {
    return this.choices.every(({ hasStopped }) => hasStopped);
  }

  /** `[DONE]` came: the server has nothing more to say. */
  markDone(): void {
    this.isDone = true;
  }

  /** One event's data. Throws the fault that it tells of; status 200 means nothing. */
  pushText(data: string): BackendEvent[] {
    let payload: unknown;
    try {
      payload = JSON.parse(data);
    } catch (cause) {
      if (this.hasFinished) return [];
      throw new AppError('backend-protocol', "The model's server sent what cannot be read.", { cause });
    }
    return this.push(payload);
  }

  push(payload: unknown): BackendEvent[] {
    this.hasSaid = true;
    const fault = payloadError(payload);
    if (fault) throw fault;
    this.usage = usageOf(payload) ?? this.usage;
    return choicesOf(payload).flatMap((choice) => {
      const reader = this.choices[choice.index];
      if (!reader || this.ended.has(choice.index)) return [];
      const events = reader.push(choice);
      return reader.finish !== undefined && this.options.count > 1
        ? [...events, ...this.endOf(choice.index, reader)]
        : events;
    });
  }

  /** A whole reply. One without answers is none. */
  pushWhole(text: string): BackendEvent[] {
    const events = this.pushText(text);
    if (!Array.isArray(record(JSON.parse(text)).choices)) throw truncated();
    this.markDone();
    return events;
  }

  /** The reply is over. Throws `backend-protocol` when it broke off. */
  end(): BackendEvent[] {
    const isLeft = this.options.writesOne === true && this.isDone && !this.hasFinished;
    const isWhole =
      !isLeft && (this.hasFinished || this.isDone || this.choices.some(({ calls }) => !calls.isEmpty));
    const events = this.choices.flatMap((choice, index) => {
      if (this.ended.has(index)) return [];
      return this.options.count > 1 && isWhole ? this.endOf(index, choice) : choice.end();
    });
    if (!isWhole) this.fault = isLeft ? leftForAnother() : truncated();
    const filtered = this.choices.some(({ wasFiltered }) => wasFiltered);
    return isWhole
      ? [
          ...events,
          ...(filtered
            ? [
                {
                  type: 'warning' as const,
                  code: 'content-filter',
                  text: 'The server held back a part of this answer.',
                },
              ]
            : []),
          {
            type: 'finish',
            reason: this.choices[0]?.finish ?? 'stop',
            ...(this.usage && { usage: this.usage }),
          },
        ]
      : events;
  }

  /** Set by `end` when the reply broke off: what was held back is still shown. */
  fault: AppError | undefined;

  private endOf(index: number, reader: ChoiceReader): BackendEvent[] {
    this.ended.add(index);
    return [...reader.end(), { type: 'choice-end', choice: index, reason: reader.finish ?? 'stop' }];
  }
}

function leftForAnother(): AppError {
  const text = "The model's server left this answer for another request: it writes one at a time.";
  return new AppError('backend-protocol', text, { retryable: true });
}

function truncated(): AppError {
  return new AppError('backend-protocol', "The model's server ended the answer without saying so.");
}
