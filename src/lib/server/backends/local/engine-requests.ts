import type { AppError } from '../../../domain/errors';
import type { EngineEvent, FromEngine } from './protocol';

export type Listener = (event: EngineEvent | AppError) => void;

interface Counting {
  resolve(count: number): void;
  reject(fault: AppError): void;
}

/** Who waits for an engine: requests that it writes, and texts that it counts. */
export class EngineRequests {
  private readonly listeners = new Map<number, Listener>();
  private readonly counting = new Map<number, Counting>();
  private lastId = 0;

  /** Answers that are still owed. */
  get size(): number {
    return this.listeners.size + this.counting.size;
  }

  listen(listener: Listener): number {
    this.lastId += 1;
    this.listeners.set(this.lastId, listener);
    return this.lastId;
  }

  /** The count of a text, once it is told; rejects with the fault that ended it. */
  count(send: (id: number) => void): Promise<number> {
    this.lastId += 1;
    const id = this.lastId;
    return new Promise((resolve, reject) => {
      this.counting.set(id, { resolve, reject });
      send(id);
    });
  }

  /** Whether somebody listened. Nothing more is told. */
  leave(id: number): boolean {
    return this.listeners.delete(id);
  }

  receive(message: Extract<FromEngine, { id: number }>): void {
    if (message.type === 'counted') {
      this.counting.get(message.id)?.resolve(message.count);
      this.counting.delete(message.id);
      return;
    }
    const listener = this.listeners.get(message.id);
    if (message.type === 'finish' || message.type === 'failed') this.listeners.delete(message.id);
    listener?.(message);
  }

  fail(id: number, fault: AppError): void {
    const listener = this.listeners.get(id);
    const counting = this.counting.get(id);
    this.listeners.delete(id);
    this.counting.delete(id);
    listener?.(fault);
    counting?.reject(fault);
  }

  failAll(fault: AppError): void {
    for (const id of [...this.listeners.keys(), ...this.counting.keys()]) this.fail(id, fault);
  }
}
