import { basename, dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { rolldown } from 'rolldown';
import { gathering } from './build-programs.mjs';

// Runs a TypeScript program that stands beside the product: the one named in package.json, or another of its folder
// (`npm run bench -- page`). The built app is what they look at.
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const [, , usual = '', other] = process.argv;
const source = other === undefined ? usual : join(dirname(usual), `${other}.ts`);
const bundle = await rolldown({
  input: join(root, source),
  platform: 'node',
  external: /^[^./]/,
  plugins: [gathering],
});
const file = join(root, 'build', `run-${basename(source, '.ts')}.js`);
await bundle.write({ file, format: 'esm', codeSplitting: false });
await bundle.close();
await import(pathToFileURL(file).href);
