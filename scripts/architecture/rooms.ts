/** A door: everything of that room, or only its types (`import type`), which bring none of its code. */
type Door = 'everything' | 'types';

interface RoomPlan {
  /** Which files belong to it. */
  holds: RegExp;
  mayImport: Partial<Record<string, Door>>;
  /** Which packages it may use; absent: any. */
  packages?: RegExp;
  /** What runs in a browser. */
  isInBrowser?: boolean;
}

const domain = 'everything';

/**
 * The rooms and their doors (docs/architecture.md). A room may always import itself. `web` is four of them: `page` in
 * the browser; `http` and `routes` on the server; `process`, which starts the hall and puts it into `locals`. `commands` is
 * the command line.
 */
export const rooms: Record<string, RoomPlan> = {
  domain: { holds: /^src\/lib\/domain\//u, mayImport: {}, packages: /^zod$/u },
  config: { holds: /^src\/lib\/server\/config\//u, mayImport: { domain } },
  // Where the built programs lie is known by one file, which imports nothing.
  backends: { holds: /^src\/lib\/server\/backends\//u, mayImport: { domain, programs: 'everything' } },
  models: {
    holds: /^src\/lib\/server\/models\//u,
    mayImport: { domain, config: 'everything', backends: 'everything', programs: 'everything' },
  },
  storage: { holds: /^src\/lib\/server\/storage\//u, mayImport: { domain, migrations: 'everything' } },
  migrations: { holds: /^migrations\//u, mayImport: {} },
  generation: {
    holds: /^src\/lib\/server\/generation\//u,
    mayImport: { domain, models: 'types', storage: 'types', backends: 'types' },
  },
  programs: { holds: /^src\/lib\/server\/programs\.ts$/u, mayImport: {} },
  hall: {
    holds: /^src\/lib\/server\/app\.ts$/u,
    mayImport: {
      domain,
      config: 'everything',
      backends: 'everything',
      models: 'everything',
      storage: 'everything',
      generation: 'everything',
      programs: 'everything',
    },
  },
  // The configuration comes to them as an argument.
  http: {
    holds: /^src\/lib\/server\/(?:http|auth)\//u,
    mayImport: { domain, hall: 'types', config: 'types' },
  },
  routes: {
    holds: /^src\/routes\/.*(?:\+server|\.server)\.ts$/u,
    mayImport: { domain, http: 'everything', hall: 'types' },
  },
  page: {
    holds: /^src\/(?:lib\/(?:client|components|markdown)\/|routes\/|hooks\.client\.ts$|hooks\.ts$)/u,
    mayImport: { domain },
    isInBrowser: true,
  },
  // What is done without a server: the models alone, and no storage.
  commands: {
    holds: /^src\/(?:cli\.ts|lib\/server\/cli\/)/u,
    mayImport: {
      domain,
      config: 'everything',
      models: 'everything',
      programs: 'everything',
    },
  },
  process: {
    holds: /^src\/(?:main\.ts|app\.d\.ts|hooks\.server\.ts|lib\/server\/(?:start-app|lifecycle|log)\.ts)$/u,
    mayImport: {
      domain,
      hall: 'everything',
      config: 'everything',
      http: 'everything',
      programs: 'everything',
    },
  },
};

/** The room of a file; none: nobody owns it. */
export function roomOf(path: string): string | undefined {
  // The first that fits: `routes` comes before `page`.
  return Object.entries(rooms).find(([, { holds }]) => holds.test(path))?.[0];
}
