import { AppError } from '../../domain/errors';
import { openForTrial } from '../models/open-for-trial';
import type { ModelRegistry } from '../models/registry';
import { tryModel, type Trial } from '../models/try-model';
import { readArguments } from './arguments';
import { exitCodes, WrongUse, type CommandContext, type ExitCode } from './command';
import { modelSettings } from './model-settings';

/** `parlance models test [id ...]`: one token of each model, one after the other. */
export async function testCommand(args: string[], context: CommandContext): Promise<ExitCode> {
  const { positionals, values } = readArguments(args, { timeout: { type: 'string', default: '60' } });
  const seconds = Number(values.timeout);
  if (!(seconds > 0 && seconds <= 3600))
    throw new WrongUse('--timeout must be a number of seconds up to 3600.');
  let isAllThere = true;
  const opened = await openForTrial(modelSettings(context), {
    longestListMs: seconds * 1000,
    warn: (message, details) => {
      isAllThere = false;
      context.tell(withWords(message, details));
    },
  });
  try {
    const ids = idsOf(opened.registry, positionals);
    // Whoever names models asks for these alone.
    let areAllGood = ids.length > 0 && (isAllThere || positionals.length > 0);
    for (const id of ids) {
      const trial = await tryModel(opened.registry.get(id), seconds * 1000);
      context.print(lineOf(id, trial));
      areAllGood &&= 'text' in trial;
    }
    if (ids.length === 0) context.tell('There is no model.');
    return areAllGood ? exitCodes.good : exitCodes.bad;
  } finally {
    await opened.close();
  }
}

/** Those that were named, or all that answer. */
function idsOf(registry: ModelRegistry, named: string[]): string[] {
  const models = registry.list();
  const unknown = named.filter((id) => !models.some((model) => model.id === id));
  if (unknown.length > 0) {
    const known = models.map(({ id }) => id).join(', ');
    throw new AppError('not-found', `There is no model ${unknown.join(', ')}. There are: ${known}.`);
  }
  const answering = models.filter(({ replacedBy }) => replacedBy === undefined).map(({ id }) => id);
  return named.length > 0 ? named : answering;
}

function withWords(message: string, details: object): string {
  return [message, ...Object.values(details).filter((detail) => typeof detail === 'string')].join(': ');
}

function lineOf(id: string, trial: Trial): string {
  const ms = `${String(Math.round(trial.ms))} ms`;
  if ('text' in trial) return `ok      ${id}  ${JSON.stringify(trial.text)}  ${ms}`;
  return `failed  ${id}  ${`${trial.reason} ${trial.remedy}`.trim()}  ${ms}`;
}
