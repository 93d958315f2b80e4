import { isBuiltin } from 'node:module';
import { roomOf, rooms } from './rooms';
import { isLost, type Import, type SourceFile, type SourceTree } from './source-tree';

/** Sentences about what is wrong with a tree; none when nothing is. */
export type Rule = (tree: SourceTree) => string[];

export const hall = 'src/lib/server/app.ts';

/** What the hall puts together: nobody else knows two of them. */
const built = ['backends', 'models', 'storage', 'generation'];

/** A room imports only what its doors lead to. */
export const doors: Rule = (tree) =>
  sourcesOf(tree).flatMap((file) => {
    const room = roomOf(file.path);
    if (room === undefined) return [`${file.path} belongs to no room: see scripts/architecture/rooms.ts.`];
    return file.imports.flatMap((found) => {
      const fault = doorFault(room, found) ?? packageFault(room, found);
      return fault === undefined ? [] : [`${file.path} imports ${found.specifier}: ${fault}.`];
    });
  });

function doorFault(room: string, { target, isTypeOnly }: Import): string | undefined {
  const other = target === undefined ? undefined : roomOf(target);
  if (other === undefined || other === room) return undefined;
  const { mayImport = {} } = rooms[room] ?? {};
  const door = mayImport[other];
  if (door === 'everything' || (door === 'types' && isTypeOnly)) return undefined;
  if (door === 'types') return `${room} may import only types of ${other}`;
  const open = Object.keys(mayImport);
  return `${room} has no door to ${other}, only to ${open.length > 0 ? open.join(', ') : 'itself'}`;
}

function packageFault(room: string, { packageName, isTypeOnly }: Import): string | undefined {
  if (packageName === undefined) return undefined;
  const { packages, isInBrowser = false } = rooms[room] ?? {};
  if (packages && !packages.test(packageName)) return `${room} uses no package but zod`;
  if (isInBrowser && !isTypeOnly && isBuiltin(packageName)) return `${room} runs in a browser`;
  return undefined;
}

/** Every import of a file of this project finds one. */
export const noLostImports: Rule = (tree) =>
  [...tree.values()].flatMap(({ path, imports }) =>
    imports
      .filter(isLost)
      .map(({ specifier }) => `${path} imports ${specifier}, and no such file is known here.`),
  );

/** The hall is the only file that puts rooms together. */
export const onlyHall: Rule = (tree) => {
  const builtBy = ({ path, imports }: SourceFile) => {
    const found = imports.flatMap(({ target, isTypeOnly }) =>
      target && !isTypeOnly ? [roomOf(target)] : [],
    );
    return built.filter((room) => room !== roomOf(path) && found.includes(room));
  };
  const others = sourcesOf(tree)
    .filter(({ path }) => path !== hall)
    .map((file) => ({ path: file.path, found: builtBy(file) }))
    .filter(({ found }) => found.length > 1)
    .map(({ path, found }) => `${path} imports ${found.join(' and ')}: only ${hall} puts rooms together.`);
  const atHall = tree.get(hall);
  // The backends are built by the models.
  const absent = built.filter((room) => room !== 'backends' && !(atHall && builtBy(atHall).includes(room)));
  return [...others, ...absent.map((room) => `${hall} does not import ${room}: who builds it?`)];
};

function sourcesOf(tree: SourceTree): SourceFile[] {
  return [...tree.values()].filter(({ isTest }) => !isTest);
}
