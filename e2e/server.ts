import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const startWithinMs = 60_000;

/** Replies by what the message contains; everything else is answered at a readable pace. */
const replies = [
  { when: 'slow', text: words(400), tokensPerSecond: 20 },
  { when: 'brief', text: words(120), tokensPerSecond: 20 },
  { when: 'long', text: words(1000), tokensPerSecond: 200 },
  { when: 'tall', text: words(100).replaceAll(' ', '\n\n'), tokensPerSecond: 5000 },
  { when: 'arabic', text: 'مرحبا بالعالم\n\n- نقطة أولى\n- نقطة ثانية' },
  { when: 'sentences', text: 'The first one. The second one. And the last', tokensPerSecond: 10 },
  { when: 'markdown', text: markdown() },
  { when: 'fail', text: words(50), tokensPerSecond: 100, failsAfter: 10, failsWith: 'backend-unreachable' },
  { text: 'You said {input}. Here is a short answer.', tokensPerSecond: 100 },
];
const scripted = {
  backend: { type: 'scripted', replies },
  contextLength: 4000,
  parameters: { max_new_tokens: 1024 },
};
export const scriptedModels = JSON.stringify([
  { id: 'scripted', name: 'Scripted', ...scripted },
  { id: 'other', name: 'Other', ...scripted },
]);

/** `w0 w1 w2 ...`: what is missing or twice can be seen. */
export function words(count: number): string {
  return Array.from({ length: count }, (_, index) => `w${String(index)}`).join(' ');
}

function markdown(): string {
  return [
    '# A heading',
    'Some **bold** text, `code`, a [link](https://example.com/page) and <img src=x onerror="window.hacked=1">.',
    '```js\nconst answer = 42;\n```',
    '| a | b |\n|---|---|\n| 1 | 2 |',
    '![picture](https://example.com/picture.png)',
    '<script>window.hacked = 1</script>',
    '[bad](javascript:window.hacked=1)',
  ].join('\n\n');
}

/** The built server, as `npm start` runs it, on a free port with data of its own. */
export class TestServer {
  private child: ChildProcess | undefined;
  output = '';

  private constructor(
    readonly port: number,
    readonly dataDir: string,
    private readonly environment: NodeJS.ProcessEnv,
  ) {}

  static async start(environment: NodeJS.ProcessEnv = { MODELS: scriptedModels }): Promise<TestServer> {
    const server = new TestServer(
      await freePort(),
      mkdtempSync(join(tmpdir(), 'parlance-e2e-')),
      environment,
    );
    await server.launch();
    return server;
  }

  get url(): string {
    return `http://localhost:${String(this.port)}`;
  }

  get pid(): number {
    return this.child?.pid ?? 0;
  }

  /** Starts the process and waits until it is ready. */
  async launch(): Promise<void> {
    const { PATH, HOME } = process.env;
    const child = spawn(process.execPath, [join(root, 'build', 'main.js')], {
      cwd: root,
      env: {
        PATH,
        HOME,
        PORT: String(this.port),
        DATA_DIR: this.dataDir,
        LOG_LEVEL: 'warn',
        ...this.environment,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const collect = (data: Buffer) => (this.output += data.toString());
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    this.child = child;
    const giveUpAt = Date.now() + startWithinMs;
    while (!(await this.isReady())) {
      if (child.exitCode !== null || Date.now() > giveUpAt)
        throw new Error(`The server did not start:\n${this.output}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** Ends the process by its id and waits until it is gone. */
  async kill(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const { child } = this;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signal);
    await gone;
  }

  async stop(): Promise<void> {
    await this.kill('SIGTERM');
    rmSync(this.dataDir, { recursive: true, force: true });
  }

  private async isReady(): Promise<boolean> {
    return fetch(`${this.url}/readyz`).then(
      (response) => response.ok,
      () => false,
    );
  }
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
