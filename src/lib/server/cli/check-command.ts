import { relative } from 'node:path';
import { faultsOfFolders } from '../models/folder-faults';
import type { ModelConfig } from '../models/model-config';
import { readOperatorModels, readText } from '../models/operator-models';
import { readArguments } from './arguments';
import { exitCodes, WrongUse, type CommandContext, type ExitCode } from './command';
import { modelSettings } from './model-settings';

/** `parlance models check [file]`: every fault of a file of models, or what it says. */
export async function checkCommand(args: string[], context: CommandContext): Promise<ExitCode> {
  const { positionals } = readArguments(args, {});
  if (positionals.length > 1) throw new WrongUse('It looks through one file only.');
  const settings = modelSettings(context, positionals[0]);
  const { listed, local, servers } = await readOperatorModels(settings, await readText(settings));
  const faults = await faultsOfFolders(listed);
  if (faults.length > 0) {
    faults.forEach((fault) => context.tell(fault));
    return exitCodes.bad;
  }
  const place =
    settings.modelsFile === undefined
      ? settings.models === undefined
        ? 'No models are listed'
        : 'MODELS is good'
      : `${relative(context.workDir, settings.modelsFile)} is good`;
  const counts = [count(listed.length, 'model'), count(servers.length, 'server')];
  context.print(`${place}: ${counts.join(', ')}, and ${count(local.length, 'model')} found in a folder.`);
  for (const model of [...listed, ...local]) context.print(`  ${model.id}: ${describe(model)}`);
  for (const { url, name } of servers) context.print(`  the models of ${name ?? new URL(url).host}`);
  return exitCodes.good;
}

function count(number: number, what: string): string {
  return `${String(number)} ${what}${number === 1 ? '' : 's'}`;
}

/** Without what may hold a key. */
function describe({ backend, replacedBy }: ModelConfig): string {
  if (replacedBy !== undefined) return `answers no more, and is replaced by ${replacedBy}`;
  if (!backend) return 'has no backend';
  if (backend.type === 'local') return `local, in ${backend.path}`;
  const url = 'url' in backend && typeof backend.url === 'string' ? ` at ${new URL(backend.url).host}` : '';
  return `${backend.type}${url}`;
}
