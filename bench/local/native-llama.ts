import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { residentMb } from '../process';
import type { Memory, Peer, Prompt, Rates, Timing, Turn } from './peer';

interface BenchLine {
  build_commit: string;
  build_number: number;
  samples_ns: number[];
}
interface BatchedLine {
  pl: number;
  tg: number;
  t: number;
  speed_tg: number;
}

export interface NativeSettings {
  /** The folder of `llama-bench` and `llama-batched-bench`. */
  programs: string;
  gguf: string;
  threads: number;
}

/**
 * llama.cpp's own measuring programs, built for this machine. They feed tokens at random and leave out tokenizer,
 * sampling and text, which is in their favour. Each call warms up first.
 */
export class NativeLlama implements Peer {
  readonly name = 'llama.cpp, native';
  readonly keepsNoChat = true;
  private peakMb = 0;

  private constructor(
    readonly version: string,
    private readonly settings: NativeSettings,
  ) {}

  static async start(settings: NativeSettings): Promise<NativeLlama> {
    const probe = new NativeLlama('', settings);
    const line = await probe.bench('-p', '1', '-n', '0');
    const version = `build ${String(line.build_number)} (${line.build_commit})`;
    return new NativeLlama(version, settings);
  }

  async write({ prompt, newTokens }: { prompt: Prompt; newTokens: number }): Promise<Timing> {
    const read = await this.bench('-p', String(prompt.tokens), '-n', '0');
    const written = await this.bench('-p', '0', '-n', String(newTokens), '-d', String(prompt.tokens));
    return { firstTokenMs: milliseconds(read), tokensPerSecond: (newTokens * 1000) / milliseconds(written) };
  }

  /** Reads what is new after a history that has been read. */
  async turn({ prompt, history }: Turn): Promise<number> {
    const fresh = String(prompt.tokens - history);
    return milliseconds(await this.bench('-p', fresh, '-n', '0', '-d', String(history)));
  }

  async together({ prompts, newTokens }: { prompts: Prompt[]; newTokens: number }): Promise<Rates> {
    const count = prompts.length;
    const read = Math.max(...prompts.map(({ tokens }) => tokens));
    // A sequence gets its share of the context, in steps of 256.
    const context = count * 256 * Math.ceil((read + newTokens) / 256);
    const sizes = ['-npp', String(read), '-ntg', String(newTokens), '-npl', String(count)];
    const line = await this.run<BatchedLine>('llama-batched-bench', [
      ...sizes,
      ...['-c', String(context), '--output-format', 'jsonl'],
    ]);
    return { wholePerSecond: (line.pl * line.tg) / line.t, decodePerSecond: line.speed_tg };
  }

  /** The most that the last call held, since its process is gone. */
  memory(): Memory {
    return { engineMb: this.peakMb, treeMb: this.peakMb };
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  private bench(...work: string[]): Promise<BenchLine> {
    return this.run('llama-bench', [...work, '-r', '1', '-o', 'jsonl']);
  }

  /** Runs a program to its end; resolves with the last line of JSON that it prints. */
  private async run<T>(program: string, options: string[]): Promise<T> {
    const { programs, gguf, threads } = this.settings;
    const child = spawn(join(programs, program), ['-m', gguf, '-t', String(threads), ...options], {
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: 600_000,
    });
    let output = '';
    let complaints = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (complaints += text));
    this.peakMb = 0;
    const look = setInterval(() => this.look(child.pid), 100);
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    }).finally(() => clearInterval(look));
    const line = output.split('\n').findLast((text) => text.startsWith('{'));
    if (code === 0 && line !== undefined) return JSON.parse(line) as T;
    throw new Error(`${program} ended with ${String(code)}: ${(complaints + output).slice(-2000)}`);
  }

  private look(pid: number | undefined): void {
    if (pid === undefined) return;
    try {
      const mb = residentMb(pid);
      if (mb > this.peakMb) this.peakMb = mb;
    } catch (thrown) {
      // Between its end and our hearing of it there is nothing to read.
      if (
        (thrown as NodeJS.ErrnoException).code !== 'ENOENT' &&
        (thrown as NodeJS.ErrnoException).code !== 'ESRCH'
      )
        throw thrown;
    }
  }
}

function milliseconds({ samples_ns: [sample = NaN] }: BenchLine): number {
  return sample / 1e6;
}
