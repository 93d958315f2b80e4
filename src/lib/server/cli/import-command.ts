import { readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { AppError } from '../../domain/errors';
import { importChatUi, type ImportResult } from '../models/import-chat-ui/import-chat-ui';
import { readModelsFile } from '../models/models-file';
import { readArguments } from './arguments';
import { exitCodes, WrongUse, type CommandContext, type ExitCode } from './command';

/** `parlance import chat-ui <file>`: a file of models, and what it could not take over. */
export async function importCommand(args: string[], context: CommandContext): Promise<ExitCode> {
  const { positionals, values } = readArguments(args, {
    out: { type: 'string' },
    force: { type: 'boolean', default: false },
  });
  const [file] = positionals;
  if (file === undefined || positionals.length > 1) throw new WrongUse('Name the .env.local of chat-ui.');
  const result = importChatUi(await read(resolve(context.workDir, file), file));
  if (result.models + result.servers === 0) {
    tellNotes(result, context);
    context.tell(`${file} has no models that can be taken over.`);
    return exitCodes.bad;
  }
  if (values.out === undefined) context.print(result.yaml.trimEnd());
  else
    await write(resolve(context.workDir, values.out), values.out, { text: result.yaml, force: values.force });
  tellNotes(result, context);
  return tellNext(result, values.out, context);
}

async function read(path: string, name: string): Promise<string> {
  return readFile(path, 'utf8').catch((cause: unknown) => {
    throw new AppError('config-invalid', `${name} cannot be read.`, { cause });
  });
}

async function write(path: string, name: string, { text, force }: { text: string; force: boolean }) {
  await writeFile(path, text, { flag: force ? 'w' : 'wx' }).catch((cause: unknown) => {
    const isThere = cause instanceof Error && 'code' in cause && cause.code === 'EEXIST';
    const why = isThere ? 'is there already. --force writes over it' : 'cannot be written';
    throw new AppError('config-invalid', `${name} ${why}.`, { cause });
  });
}

function tellNotes({ notes, toSet }: ImportResult, { tell }: CommandContext): void {
  if (notes.length > 0) tell('What has no equal, and what was decided:');
  for (const { subject, field, why } of notes)
    tell(`  ${field === undefined ? subject : `${subject}, ${field}`}: ${why}`);
  if (toSet.length > 0) tell('Set these variables, in the environment or in .env:');
  for (const { name, value, why } of toSet)
    tell(`  ${value === undefined ? name : `${name}=${value}`}  ${why}`);
}

/** The result is checked at once, as if its keys were set. */
function tellNext(result: ImportResult, out: string | undefined, { tell }: CommandContext): ExitCode {
  const env = Object.fromEntries(result.toSet.map(({ name }) => [name, 'http://set.later']));
  const name = out ?? 'models.yaml';
  try {
    readModelsFile(result.yaml, { path: name, env });
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown;
    tell(`Mend this by hand:\n${thrown.message}`);
    return exitCodes.bad;
  }
  const what = `${String(result.models)} models and ${String(result.servers)} servers`;
  tell(out === undefined ? `${what}.` : `${what} are in ${out}. Next: parlance models check ${out}`);
  return exitCodes.good;
}
