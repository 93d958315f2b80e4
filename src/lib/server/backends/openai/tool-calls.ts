import { randomUUID } from 'node:crypto';
import type { ToolCall } from '../../../domain/parts';
import { record } from './payload';

interface Growing {
  id: string;
  name: string;
  input: string;
}

/** Puts the pieces of tool calls together: servers disagree on what they repeat, leave out, and split. */
export class ToolCalls {
  private readonly calls = new Map<number, Growing>();
  private lastIndex = 0;

  get isEmpty(): boolean {
    return this.calls.size === 0;
  }

  /** Takes one element of `tool_calls`, or what `function_call` was. */
  push(delta: Record<string, unknown>): void {
    const { name, arguments: input } = record(delta.function ?? delta);
    const index = this.indexOf(delta);
    this.lastIndex = index;
    const call = this.calls.get(index) ?? { id: '', name: '', input: '' };
    this.calls.set(index, call);
    if (call.id === '' && typeof delta.id === 'string') call.id = delta.id;
    if (typeof name === 'string' && name !== '' && name !== call.name && call.input === '') call.name += name;
    if (typeof input === 'string') call.input += input;
    else if (typeof input === 'object' && input !== null) call.input = JSON.stringify(input);
  }

  /** The calls, in order. Ids that a server left out, or gave twice, are made here. */
  all(): ToolCall[] {
    const seen = new Set<string>();
    return [...this.calls.entries()]
      .sort(([a], [b]) => a - b)
      .filter(([, { name, input }]) => name !== '' || input !== '')
      .map(([, { id, name, input }]) => {
        // TGI counts from "0" in every answer: of two calls in a conversation each must have its own.
        const isOwn = id.length > 3 && !seen.has(id);
        const own = isOwn ? id : `call_${randomUUID()}`;
        seen.add(own);
        return { type: 'tool-call', id: own, name, arguments: input === '' ? '{}' : input };
      });
  }

  private indexOf({ index, id }: Record<string, unknown>): number {
    if (typeof index === 'number') return index;
    if (typeof id !== 'string' || id === '') return this.lastIndex;
    const known = [...this.calls.entries()].find(([, call]) => call.id === id)?.[0];
    return known ?? this.calls.size;
  }
}
