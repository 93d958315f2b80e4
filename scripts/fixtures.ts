import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const buildTools = [
  'vite',
  '@sveltejs/kit',
  '@sveltejs/adapter-node',
  'svelte',
  'rolldown',
  '@huggingface/transformers',
];

/** Writes what adapter-node would, and a line for each build; `fail-build` makes it fail. */
const vite = `
  import { appendFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
  appendFileSync('builds.log', 'built\\n');
  if (existsSync('fail-build')) { console.log('a fault in the sources'); process.exit(1); }
  mkdirSync('build/web', { recursive: true });
  writeFileSync('build/web/handler.js', '');
`;
/** Every program says that it runs, and with what. */
const rolldown = `
  const code = "console.log('Started.', process.env.NODE_ENV, process.env.GREETING ?? '', process.cwd())";
  export const viteImportGlobPlugin = () => ({});
  export const rolldown = async () => ({
    generate: async ({ entryFileNames: fileName }) => ({ output: [{ type: 'chunk', fileName, code }] }),
    close: async () => {},
  });
`;

/** A project in a temporary folder: the real scripts, sources of one line, and tools that do next to nothing. */
export class TemporaryProject {
  readonly folder = mkdtempSync(join(tmpdir(), 'parlance-scripts-'));

  constructor() {
    cpSync(dirname(fileURLToPath(import.meta.url)), join(this.folder, 'scripts'), {
      recursive: true,
      filter: (path) => !path.endsWith('.ts'),
    });
    const tools = Object.fromEntries(buildTools.map((name) => [name, '1.0.0']));
    const manifest = { type: 'module', dependencies: { library: '1.0.0' }, devDependencies: tools };
    this.write('package.json', JSON.stringify(manifest));
    for (const name of ['library', ...buildTools]) this.install(name, '1.0.0');
    this.write('node_modules/vite/bin/vite.js', vite);
    this.write('node_modules/rolldown/index.js', rolldown);
    for (const file of [
      'main.ts',
      'lib/server/backends/local/engine.ts',
      'lib/server/backends/local/text2text-engine.ts',
      'lib/server/storage/embedded/worker.ts',
      'lib/server/backends/local/sampling/grammar-worker.ts',
      'lib/server/models/tokenizer-worker.ts',
      'cli.ts',
    ]) {
      this.write(`src/${file}`, 'export {};\n');
    }
  }

  install(name: string, version: string): void {
    this.write(
      `node_modules/${name}/package.json`,
      JSON.stringify({ name, version, type: 'module', exports: { './*': './index.js', '.': './index.js' } }),
    );
  }

  write(path: string, text: string): void {
    const file = join(this.folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }

  remove(path: string): void {
    rmSync(join(this.folder, path), { recursive: true, force: true });
  }

  /** How often it has been built. */
  get builds(): number {
    const file = join(this.folder, 'builds.log');
    return existsSync(file) ? readFileSync(file, 'utf8').split('\n').length - 1 : 0;
  }

  /** Runs one of its scripts, as npm would. */
  run(script: string, { args = [], env = {}, cwd = this.folder }: RunOptions = {}): Promise<Ended> {
    return runNode([join(this.folder, 'scripts', script), ...args], { PORT: '0', ...env }, cwd);
  }
}

interface RunOptions {
  args?: string[];
  env?: Record<string, string>;
  cwd?: string;
}

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs Node to its end, with nothing of this environment but the path. */
export function runNode(args: string[], env: Record<string, string>, cwd: string): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd, env: { PATH: process.env.PATH, ...env } });
    const ended: Ended = { code: null, stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].setEncoding('utf8').on('data', (text: string) => (ended[name] += text));
    }
    child.on('error', reject);
    child.on('close', (code) => resolve({ ...ended, code }));
  });
}
