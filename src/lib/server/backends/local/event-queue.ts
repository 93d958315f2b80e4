import { AppError } from '../../../domain/errors';
import type { EngineEvent } from './protocol';

/** Events that came and were not read yet. Once closed, there are none. */
export class EventQueue {
  private events: (EngineEvent | AppError)[] = [];
  private isClosed = false;
  private wake: (() => void) | undefined;

  push(event: EngineEvent | AppError): void {
    this.events.push(event);
    this.wake?.();
  }

  close(): void {
    this.isClosed = true;
    this.wake?.();
  }

  /** The next event, or nothing when the queue is closed. Throws the fault that ended the request. */
  async next(): Promise<EngineEvent | undefined> {
    while (this.events.length === 0 && !this.isClosed) {
      await new Promise<void>((resolve) => (this.wake = resolve));
    }
    if (this.isClosed) return undefined;
    const event = this.events.shift();
    if (event instanceof AppError) throw event;
    return event;
  }
}
