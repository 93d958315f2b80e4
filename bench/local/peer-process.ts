import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { childrenOf, residentMb } from '../process';
import type { Engine, Memory, Peer, Prompt, Rates, Timing, Turn } from './peer';
import type { Role } from './roles';
import type { Answer, Call } from './serve';

/** The longest call: a peer without a cache that reads four long conversations on a slow machine. */
const limitMs = 600_000;

interface Waiting {
  resolve(value: unknown): void;
  reject(fault: Error): void;
}

/** A peer that runs in a process of its own. */
export class PeerProcess implements Peer {
  private readonly child: ChildProcess;
  private readonly waiting = new Map<number, Waiting>();
  private lastId = 0;

  constructor(
    readonly name: string,
    readonly version: string,
    role: Role,
    readonly keepsNoChat = false,
  ) {
    // The bundle that runs now: a process that only plays a role carries nothing of the bundler.
    this.child = fork(fileURLToPath(import.meta.url), role, {
      execArgv: [],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      // JSON would lose the rates that there are not (NaN).
      serialization: 'advanced',
    });
    this.child.on('message', (message: Answer) => this.receive(message));
    this.child.once('exit', () => this.failAll(`The process of ${name} ended.`));
    this.child.once('error', ({ message }) => this.failAll(`The process of ${name}: ${message}`));
  }

  write(work: Parameters<Engine['write']>[0]): Promise<Timing> {
    return this.call('write', work);
  }

  turn(turn: Turn): Promise<number> {
    return this.call('turn', turn);
  }

  together(work: { prompts: Prompt[]; newTokens: number }): Promise<Rates> {
    return this.call('together', work);
  }

  /** Calls a method of the peer. Rejects with its fault, when its process ends, and when it takes too long. */
  call<T>(method: string, argument: unknown): Promise<T> {
    this.lastId += 1;
    const id = this.lastId;
    return new Promise<T>((resolve, reject) => {
      const timer = setTimeout(() => this.failAll(`${this.name} took too long over "${method}".`), limitMs);
      const settle =
        <V>(done: (value: V) => void) =>
        (value: V) => {
          clearTimeout(timer);
          done(value);
        };
      this.waiting.set(id, { resolve: settle(resolve as (value: unknown) => void), reject: settle(reject) });
      const message: Call = { id, method, argument };
      this.child.send(message, (fault) => {
        if (fault) this.failAll(`The process of ${this.name} hears nothing: ${fault.message}`);
      });
    });
  }

  memory(): Memory {
    const { pid } = this.child;
    if (pid === undefined) throw new Error(`${this.name} has no process.`);
    const engines = childrenOf(pid).map(residentMb);
    const asker = residentMb(pid);
    const engineMb = engines.length > 0 ? Math.max(...engines) : asker;
    return { engineMb, treeMb: engines.reduce((sum, mb) => sum + mb, asker) };
  }

  async close(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = new Promise((resolve) => this.child.once('exit', resolve));
    // Without its channel it ends by itself; one that is busy in native code does not notice.
    this.child.disconnect();
    const timer = setTimeout(() => this.child.kill('SIGKILL'), 3000);
    await ended;
    clearTimeout(timer);
  }

  private receive(message: Answer): void {
    const waiting = this.waiting.get(message.id);
    this.waiting.delete(message.id);
    if ('value' in message) waiting?.resolve(message.value);
    else waiting?.reject(new Error(`${this.name}: ${message.fault}`));
  }

  private failAll(words: string): void {
    for (const { reject } of this.waiting.values()) reject(new Error(words));
    this.waiting.clear();
    this.child.kill('SIGKILL');
  }
}
