import type { ErrorCode } from '../../../domain/errors';

/** One call of a store's method, such as `conversations.list`. */
export interface Call {
  id: number;
  method: string;
  args: unknown[];
}

export interface CallFault {
  code: ErrorCode;
  message: string;
  details?: Record<string, string | number> | undefined;
  /** What SQLite said: for the log, never for a page. */
  cause?: string | undefined;
}

export type Reply = { id: number; result: unknown } | { id: number; fault: CallFault };

/** What the worker is told: the calls of one turn of the event loop, or that there will be no more. */
export type WorkerRequest = Call[] | 'close';

/** What the worker says: that it is open or why not, then the replies of each group of calls. */
export type WorkerMessage =
  { type: 'open' } | { type: 'refused'; fault: CallFault } | { type: 'replies'; replies: Reply[] };

export interface WorkerInput {
  file: string;
}
