import { svelte, type BrokenTree } from './broken-tree';
import { noCycles } from './cycle-rule';
import { libraryHomes, noIdleExceptions, noZodInBrowser, oneEnvironment } from './library-rules';
import { fileBudgets, importBudget, names, usualSizes } from './size-rules';

const server = 'src/lib/server';
const lines = (count: number) => 'x;\n'.repeat(count);

/** Wrong libraries, cycles, sizes and names. */
export const brokenTrees: BrokenTree[] = [
  {
    what: 'two files that need each other',
    rule: noCycles,
    files: {
      'src/lib/domain/a.ts': "import { b } from './b';",
      'src/lib/domain/b.ts': "export { c } from './c';",
      'src/lib/domain/c.ts': "import type { A } from './a';",
    },
    says: ['src/lib/domain/c.ts imports ./a', 'src/lib/domain/b.ts -> src/lib/domain/c.ts'],
  },
  {
    what: 'components that need each other',
    rule: noCycles,
    files: {
      'src/lib/components/A.svelte': svelte("import B from './B.svelte';"),
      'src/lib/components/B.svelte': svelte("import A from './A.svelte';"),
    },
    says: ['src/lib/components/B.svelte imports ./A.svelte'],
  },
  {
    what: 'a file that needs the one that gathers it',
    rule: noCycles,
    files: {
      [`${server}/backends/index.ts`]: "import.meta.glob('./*.backend.ts', { eager: true });",
      [`${server}/backends/a.backend.ts`]: "import { createBackend } from './index';",
      [`${server}/backends/deep/b.backend.ts`]: "import { createBackend } from '../index';",
    },
    says: [`${server}/backends/a.backend.ts imports ./index`],
  },
  ...[
    ['mongodb', `${server}/storage/embedded/rows.ts`],
    ['@photostructure/sqlite', `${server}/storage/migrate.ts`],
    ['node:sqlite', `${server}/auth/owner.ts`],
    ['koffi', `${server}/backends/local.backend.ts`],
    ['onnxruntime-node/dist/binding', `${server}/models/registry.ts`],
    ['@huggingface/transformers', `${server}/backends/text2text.backend.ts`],
  ].map(([name = '', path = '']) => ({
    what: `${name} in ${path}`,
    rule: libraryHomes,
    files: { [path]: `require.resolve('${name}');` },
    says: [`${path} imports ${name}`, 'known only in'],
  })),
  {
    what: 'a variable of Kit',
    rule: oneEnvironment,
    files: { [`${server}/log.ts`]: "import { env } from '$env/dynamic/private';" },
    says: [`${server}/log.ts imports $env/dynamic/private`],
  },
  ...[
    'process.env.HOME',
    "process['env']",
    'const { env } = process;',
    'const { env: all } = globalThis.process;',
    "import { env } from 'node:process';",
  ].map((text) => ({
    what: `the environment by ${text}`,
    rule: oneEnvironment,
    files: { [`${server}/log.ts`]: `// process.env\n${text}` },
    says: [`${server}/log.ts reads process.env`],
  })),
  {
    what: 'an exception that is not needed',
    rule: noIdleExceptions,
    files: { [`${server}/backends/local/engine-child.ts`]: '// process.env' },
    says: ['engine-child.ts does not read process.env'],
  },
  {
    what: 'zod on the way of a page',
    rule: noZodInBrowser,
    files: {
      'src/routes/+page.svelte': svelte("import Chat from '$lib/components/Chat.svelte';"),
      'src/lib/components/Chat.svelte': svelte("import { a } from '../domain/requests';"),
      'src/lib/domain/requests.ts': "import { z } from 'zod';",
      'src/lib/domain/other.ts': "import { z } from 'zod';",
      'src/routes/+page.server.ts': "import { z } from '$lib/domain/other';",
      'src/lib/client/api.ts': "import type { A } from '../domain/other';",
    },
    says: ['src/lib/domain/requests.ts imports zod', 'src/lib/components/Chat.svelte -> '],
  },
  {
    what: 'a file of 301 lines',
    rule: fileBudgets,
    files: { 'scripts/a.mjs': lines(301), 'scripts/b.mjs': lines(300) },
    says: ['scripts/a.mjs has 301 lines; at most 300'],
  },
  {
    what: 'a component of 201 lines',
    rule: fileBudgets,
    files: {
      'src/lib/components/A.svelte': '\n'.repeat(201),
      'src/lib/components/B.svelte': '\n'.repeat(200),
    },
    says: ['src/lib/components/A.svelte has 201 lines; at most 200'],
  },
  {
    what: 'a route of 61 lines',
    rule: fileBudgets,
    files: { 'src/routes/a/+server.ts': lines(61), 'src/routes/+page.ts': lines(60) },
    says: ['src/routes/a/+server.ts has 61 lines; at most 60'],
  },
  {
    what: 'files that are long on the whole',
    rule: usualSizes,
    files: { 'src/a.ts': lines(61), 'src/b.ts': lines(61), 'src/c.ts': '', 'src/d.spec.ts': '' },
    says: ['the median is 61'],
  },
  {
    what: 'many files that are very long',
    rule: usualSizes,
    files: Object.fromEntries(
      Array.from({ length: 20 }, (_, index) => [`src/a${String(index)}.ts`, lines(index < 2 ? 221 : 1)]),
    ),
    says: ['the 95th percentile is 221'],
  },
  {
    what: 'a file with thirteen imports',
    rule: importBudget,
    files: {
      'src/a.ts': Array.from({ length: 13 }, (_, index) => `import 'p${String(index)}';`).join('\n'),
      'src/b.ts': Array.from({ length: 13 }, (_, index) => `import 'p${String(index % 12)}';`).join('\n'),
    },
    says: ['src/a.ts imports 13 modules; at most 12'],
  },
  ...['src/lib/chatModel.ts', 'src/lib/Message.ts', 'src/lib/a_b.spec.ts', 'migrations/001-a.ts'].map(
    (path) => ({
      what: `the name ${path}`,
      rule: names,
      files: { [path]: '', 'src/lib/chat-session.svelte.ts': '', 'migrations/0001-initial.ts': '' },
      says: [`${path} is not kebab-case.ts`],
    }),
  ),
  {
    what: 'a component in small letters',
    rule: names,
    files: { 'src/lib/components/chat-view.svelte': '', 'src/routes/login/+page@.svelte': '' },
    says: ['src/lib/components/chat-view.svelte is not PascalCase.svelte'],
  },
  {
    what: 'a file that Kit does not know',
    rule: names,
    files: { 'src/routes/+pages.svelte': '' },
    says: ['src/routes/+pages.svelte is no file of a route'],
  },
];
