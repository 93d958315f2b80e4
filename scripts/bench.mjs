import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { rolldown } from 'rolldown';

// `npm run bench` measures the built app; the name of another file in bench/ runs that one.
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const name = process.argv[2] ?? 'app';
const bundle = await rolldown({
  input: join(root, 'bench', `${name}.ts`),
  platform: 'node',
  external: /^[^./]/,
});
const file = join(root, 'build', `bench-${name}.js`);
await bundle.write({ file, format: 'esm', codeSplitting: false });
await bundle.close();
await import(pathToFileURL(file).href);
