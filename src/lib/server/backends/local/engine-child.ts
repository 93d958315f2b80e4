import { fork, type ChildProcess } from 'node:child_process';
import type { EngineEnd } from './engine-end';
import type { FromEngine, ToEngine } from './protocol';

/** How much of what an engine writes to stderr is kept for the log. */
const keptCharacters = 4_000;
const killAfterMs = 2_000;

export interface EngineProgram {
  /** The built engine program. */
  programPath: string;
  /** What runs it instead of this Node. */
  execPath?: string;
}

/** One engine process: messages in and out, what it wrote last, and its end, which is told exactly once. */
export class EngineChild {
  private readonly child: ChildProcess;
  private stderr = '';
  private hasEnded = false;
  private killedFor: EngineEnd['killedFor'];

  constructor(
    { programPath, execPath = process.execPath }: EngineProgram,
    onMessage: (message: FromEngine) => void,
    onEnd: (end: EngineEnd) => void,
  ) {
    this.child = fork(programPath, [], {
      execPath,
      env: minimalEnvironment(),
      // A young generation of the usual size would be a tenth of what the bundled model takes. What loading leaves is as
      // much, and is collected at once.
      execArgv: ['--max-semi-space-size=2', '--expose-gc'],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.stderr = (this.stderr + text).slice(-keptCharacters);
    });
    this.child.on('message', (messages: FromEngine[]) => {
      for (const message of messages) onMessage(message);
    });
    const end = () => {
      if (this.hasEnded) return;
      this.hasEnded = true;
      const { exitCode: code, signalCode: signal } = this.child;
      onEnd({ code, signal, words: this.lastWords, killedFor: this.killedFor });
    };
    // "close" comes after the last of stderr has been read; "exit" may come before it.
    this.child.once('close', end);
    // Without a pid it never started, and there will be no "close".
    this.child.on('error', () => this.child.pid ?? end());
    // An engine without a channel is of no use, and it would never be asked to end. One that just died has none either:
    // its own end, which "exit" tells, must not be taken for ours.
    this.child.once('disconnect', () => setTimeout(() => this.kill('other'), killAfterMs).unref());
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  /** What it wrote to stderr last; nothing when it wrote nothing. */
  get lastWords(): string | undefined {
    return this.stderr === '' ? undefined : this.stderr;
  }

  /** Whether the message was handed on. A pipe that breaks later is followed by the end. */
  send(message: ToEngine): boolean {
    if (!this.child.connected) return false;
    this.child.send(message, () => undefined);
    return true;
  }

  /** Ends the process by force; its end will say why. */
  kill(reason: NonNullable<EngineEnd['killedFor']>): void {
    if (this.hasEnded) return;
    this.killedFor ??= reason;
    this.child.kill('SIGKILL');
  }

  /** Ends the process: politely, then by force. Resolves when it is gone. */
  async close(): Promise<void> {
    if (this.hasEnded) return;
    this.killedFor ??= 'other';
    const ended = new Promise((resolve) => this.child.once('close', resolve));
    this.child.kill('SIGTERM');
    const timer = setTimeout(() => this.kill('other'), killAfterMs);
    await ended;
    clearTimeout(timer);
  }
}

/**
 * An engine needs nothing of our environment, which may hold keys. Windows loads no library without its root. The C library
 * of Linux would keep freed memory for each thread apart.
 */
function minimalEnvironment(): NodeJS.ProcessEnv {
  const { SystemRoot } = process.env;
  return {
    NODE_ENV: 'production',
    MALLOC_ARENA_MAX: '1',
    ...(SystemRoot !== undefined && { SystemRoot }),
  };
}
