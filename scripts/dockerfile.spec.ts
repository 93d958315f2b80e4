import { existsSync, readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readEnv } from '../src/lib/server/config/env';
import { variables } from '../src/lib/server/config/variables';
import { runNode } from './fixtures';
import { readPackage, root } from './project.mjs';
import { hasGoodNode } from './require-node.mjs';

interface Instruction {
  name: string;
  words: string;
}

/** The stages of the Dockerfile, comments left out and continued lines joined. */
function readStages(): Instruction[][] {
  const lines = readFileSync(join(root, 'Dockerfile'), 'utf8').split('\n');
  const text = lines.filter((line) => !line.startsWith('#')).join('\n');
  const stages: Instruction[][] = [[]];
  for (const line of text.replace(/\\\n\s*/gu, '').split('\n')) {
    const [, name, words] = /^([A-Z]+) (.+)$/u.exec(line) ?? [];
    if (name === undefined || words === undefined) continue;
    if (name === 'FROM') stages.push([]);
    stages.at(-1)?.push({ name, words });
  }
  return stages;
}

const stages = readStages();
const everything = stages.flat();
const image = stages.at(-1) ?? [];
const ignored = readFileSync(join(root, '.dockerignore'), 'utf8').split('\n');
const wordsOf = (name: string) =>
  image.filter((instruction) => instruction.name === name).map(({ words }) => words);
const environment = Object.fromEntries(
  wordsOf('ENV').flatMap((words) =>
    [...words.matchAll(/([A-Z_]+)=(\S+)/gu)].map(([, key, value]) => [key, value]),
  ),
) as Record<string, string>;
const check = JSON.parse(/\[.*\]$/u.exec(wordsOf('HEALTHCHECK').join(''))?.[0] ?? '[]') as string[];

describe('the image', () => {
  it('copies what exists and is not left out of the context', () => {
    const sources = everything
      .filter(({ name, words }) => name === 'COPY' && !words.startsWith('--from'))
      .flatMap(({ words }) => words.split(' ').slice(0, -1));
    expect(sources).toEqual(expect.arrayContaining(['package-lock.json', '.npmrc', 'src', 'models']));
    // All of the folder would be whatever happens to lie there.
    expect(sources).not.toContain('.');
    expect(sources.filter((path) => !existsSync(join(root, path)))).toEqual([]);
    expect(sources.filter((path) => ignored.includes(path.replace('./', '')))).toEqual([]);
  });

  it('has the build and the packages that run it, and neither sources nor tools', () => {
    expect(wordsOf('COPY')).toEqual([
      'package.json LICENSE ./',
      'models ./models',
      '--from=production /app/node_modules ./node_modules',
      '--from=build /app/build ./build',
    ]);
    const installs = everything.filter(({ words }) => words.startsWith('npm ci'));
    expect(installs.map(({ words }) => words.startsWith('npm ci --omit=dev'))).toEqual([false, true]);
  });

  it('is made of a Node that is good enough, on Debian', () => {
    const [, version = ''] = /^NODE_IMAGE=node:(\d+)-\w+-slim$/u.exec(everything[0]?.words ?? '') ?? [];
    expect(hasGoodNode(`${version}.99.0`)).toBe(true);
  });

  it('runs as an ordinary user who owns the volume', () => {
    expect(wordsOf('USER')).toEqual(['1000:1000']);
    expect(wordsOf('VOLUME')).toEqual(['/data']);
    const names = image.map(({ name }) => name);
    const making = image.findIndex(({ words }) => words === 'install -d -o node -g node -m 700 /data');
    expect(making).toBeGreaterThan(-1);
    // What is made in a volume's folder after VOLUME is lost, and after USER it cannot be given away.
    expect(making).toBeLessThan(Math.min(names.indexOf('VOLUME'), names.indexOf('USER')));
  });

  it('starts the server itself, so that SIGTERM reaches it', () => {
    expect(wordsOf('CMD')).toEqual(['["node", "build/main.js"]']);
    expect(wordsOf('ENTRYPOINT')).toEqual([]);
  });

  it('sets variables that the server knows, to values that it takes', () => {
    const { NODE_ENV, ...own } = environment;
    expect(NODE_ENV).toBe('production');
    expect(Object.keys(own).filter((name) => !(name in variables))).toEqual([]);
    expect(readEnv(own, '/app')).toMatchObject({
      host: '0.0.0.0',
      port: 3000,
      access: 'anonymous',
      dataDir: '/data',
      local: { modelsDir: '/app/models' },
    });
    expect(wordsOf('EXPOSE')).toEqual([environment.PORT]);
  });

  it('says what it is, in the version of package.json', () => {
    const { version, description, license } = readPackage();
    const labels = wordsOf('LABEL').join(' ');
    expect(labels).toContain(`org.opencontainers.image.version="${String(version)}"`);
    expect(labels).toContain(`org.opencontainers.image.description="${String(description)}"`);
    expect(labels).toContain(`org.opencontainers.image.licenses="${String(license)}"`);
  });

  it('holds no secrets and nothing of this machine', () => {
    for (const path of ['.git', '.env', '.env.*', 'data', '**/node_modules', 'build', 'test-results']) {
      expect(ignored).toContain(path);
    }
    const text = everything.map(({ words }) => words).join('\n');
    expect(text).not.toMatch(/token|secret|password|apikey|api_key/iu);
    expect(everything.map(({ name }) => name)).not.toContain('ADD');
  });
});

describe('the health check of the image', () => {
  it.each([
    ['is ready', 200, 0],
    ['is not ready', 503, 1],
  ])('ends rightly when the server %s', async (_, status, code) => {
    const asked: string[] = [];
    const server = createServer((socket) =>
      socket
        .on('error', () => undefined)
        .once('data', (request) => {
          asked.push(request.toString().split(' ')[1] ?? '');
          socket.end(`HTTP/1.1 ${String(status)} x\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
        }),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const [program, ...args] = check;
    expect(program).toBe('node');
    expect(await runNode(args, { PORT: String(port) }, root)).toEqual({ code, stdout: '', stderr: '' });
    server.close();
    expect(asked).toEqual(['/readyz']);
    expect(existsSync(join(root, 'src/routes/readyz/+server.ts'))).toBe(true);
  });

  it('fails when nothing answers', async () => {
    const closed = createServer();
    await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve));
    const { port } = closed.address() as AddressInfo;
    await new Promise((resolve) => closed.close(resolve));
    expect((await runNode(check.slice(1), { PORT: String(port) }, root)).code).toBe(1);
  });
});
