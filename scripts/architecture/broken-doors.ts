import { svelte, type BrokenTree } from './broken-tree';
import { doors, noLostImports, onlyHall } from './door-rules';

const server = 'src/lib/server';
/** A hall that imports what it builds. */
const goodHall = {
  [`${server}/app.ts`]:
    "import { A } from './generation/a';\nimport { B } from './models/b';\nimport { C } from './storage/c';\n",
  [`${server}/generation/a.ts`]: '',
  [`${server}/models/b.ts`]: '',
  [`${server}/storage/c.ts`]: '',
};

/** Wrong doors. */
export const brokenDoors: BrokenTree[] = [
  {
    what: 'domain that imports a room',
    rule: doors,
    files: {
      'src/lib/domain/message.ts': "import { readEnv } from '../server/config/env';",
      [`${server}/config/env.ts`]: '',
    },
    says: ['src/lib/domain/message.ts imports ../server/config/env', 'domain has no door to config'],
  },
  {
    what: 'domain that uses another package than zod',
    rule: doors,
    files: { 'src/lib/domain/a.ts': "import { z } from 'zod';\nimport { join } from 'node:path';" },
    says: ['src/lib/domain/a.ts imports node:path', 'no package but zod'],
  },
  {
    what: 'a backend that knows the models',
    rule: doors,
    files: {
      [`${server}/backends/a.ts`]: "import type { Model } from '../models/model';",
      [`${server}/models/model.ts`]: '',
    },
    says: [`${server}/backends/a.ts imports ../models/model`, 'backends has no door to models'],
  },
  {
    what: 'storage that knows the generations',
    rule: doors,
    files: {
      [`${server}/storage/embedded/a.ts`]: "export * from '$lib/server/generation/run';",
      [`${server}/generation/run.ts`]: '',
    },
    says: [`${server}/storage/embedded/a.ts imports $lib/server/generation/run`],
  },
  {
    what: 'a generation that takes more than the interface of storage',
    rule: doors,
    files: {
      [`${server}/generation/run.ts`]:
        "import type { Storage } from '../storage/storage';\nimport { openStorage } from '../storage';",
      [`${server}/storage/index.ts`]: '',
      [`${server}/storage/storage.ts`]: '',
    },
    says: [`${server}/generation/run.ts imports ../storage:`, 'only types of storage'],
  },
  {
    what: 'a type among values, whose import stays when it is compiled',
    rule: doors,
    files: {
      [`${server}/generation/run.ts`]: "import { type Model } from '../models/model';",
      [`${server}/models/model.ts`]: '',
    },
    says: ['imports ../models/model', 'only types of models'],
  },
  {
    what: 'a component that imports the server, be it when it is needed',
    rule: doors,
    files: {
      'src/lib/components/chat/Chat.svelte': svelte("const log = await import('../../server/log');"),
      [`${server}/log.ts`]: '',
    },
    says: ['src/lib/components/chat/Chat.svelte imports ../../server/log', 'page has no door to process'],
  },
  {
    what: 'markup that imports the server',
    rule: doors,
    files: {
      'src/routes/+page.svelte': "{#await import('$lib/server/log') then log}{log}{/await}",
      [`${server}/log.ts`]: '',
    },
    says: ['src/routes/+page.svelte imports $lib/server/log'],
  },
  {
    what: 'the script of a component’s module',
    rule: doors,
    files: {
      'src/lib/components/A.svelte': `<script module lang="ts">import '$lib/server/log';</script>\n${svelte('')}`,
      [`${server}/log.ts`]: '',
    },
    says: ['src/lib/components/A.svelte imports $lib/server/log'],
  },
  {
    what: 'a page that uses a module of Node',
    rule: doors,
    files: { 'src/lib/client/a.ts': "import { randomUUID } from 'crypto';" },
    says: ['src/lib/client/a.ts imports crypto', 'runs in a browser'],
  },
  {
    what: 'a route that takes a room by itself',
    rule: doors,
    files: {
      'src/routes/api/a/+server.ts': "import type { Storage } from '$lib/server/storage/storage';",
      [`${server}/storage/storage.ts`]: '',
    },
    says: [
      'src/routes/api/a/+server.ts imports $lib/server/storage/storage',
      'routes has no door to storage',
    ],
  },
  {
    what: 'an endpoint that makes an app',
    rule: doors,
    files: {
      [`${server}/http/endpoint.ts`]: "import { createApp } from '../app';",
      [`${server}/app.ts`]: '',
    },
    says: [`${server}/http/endpoint.ts imports ../app`, 'only types of hall'],
  },
  {
    what: 'a hook that reaches into a room',
    rule: doors,
    files: {
      'src/hooks.server.ts': "let a: import('./lib/server/models/model').Model;",
      [`${server}/models/model.ts`]: '',
    },
    says: ['src/hooks.server.ts imports ./lib/server/models/model', 'process has no door to models'],
  },
  {
    what: 'a drawer',
    rule: doors,
    files: { 'src/lib/utils/text.ts': '' },
    says: ['src/lib/utils/text.ts belongs to no room'],
  },
  {
    what: 'an import of nothing',
    rule: noLostImports,
    files: { 'src/lib/domain/a.ts': "import './b';\nimport './a.css';\nimport type { C } from './$types';" },
    says: ['src/lib/domain/a.ts imports ./b'],
  },
  {
    what: 'a second hall',
    rule: onlyHall,
    files: {
      ...goodHall,
      [`${server}/start-app.ts`]: "import { B } from './models/b';\nimport { C } from './storage/c';",
    },
    says: [`${server}/start-app.ts imports models and storage`],
  },
  {
    what: 'a hall that leaves a room to others',
    rule: onlyHall,
    files: { ...goodHall, [`${server}/app.ts`]: "import './generation/a';\nimport './models/b';" },
    says: [`${server}/app.ts does not import storage`],
  },
];
