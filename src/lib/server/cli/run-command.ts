import { AppError } from '../../domain/errors';
import { checkCommand } from './check-command';
import { exitCodes, WrongUse, type CommandContext, type ExitCode } from './command';
import { importCommand } from './import-command';
import { testCommand } from './test-command';

export const usage = `parlance: what can be done without starting the server

  parlance models check [file]      Looks through the file of models (MODELS_FILE, or the one named) and
                                    says every fault, with its place. Asks no server.
  parlance models test [id ...]     Asks each model for one token, and prints what came back.
      --timeout <seconds>           How long a model may take, loading included. 60 if not set.
  parlance import chat-ui <file>    Makes a file of models of the .env.local of chat-ui.
      --out <file>                  Where it is written; otherwise it is printed.
      --force                       Writes over a file that is there.
  parlance help                     Prints this.

Variables come from the environment, or from .env beside package.json. The exit code is 0 if all is well, 1 if
something is wrong, and 2 for a command that is not known.`;

type Command = (args: string[], context: CommandContext) => Promise<ExitCode>;

const commands: Record<string, Command | undefined> = {
  'models check': checkCommand,
  'models test': testCommand,
  'import chat-ui': importCommand,
};

/** Carries out `parlance ...` and resolves with its exit code; faults that people can mend are told in plain words. */
export async function runCommand(args: readonly string[], context: CommandContext): Promise<ExitCode> {
  const [first = 'help', second = '', ...rest] = args;
  if (['help', '--help', '-h'].includes(first) || ['--help', '-h'].some((flag) => args.includes(flag))) {
    context.print(usage);
    return exitCodes.good;
  }
  const name = `${first} ${second}`.trim();
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!command) {
    context.tell(`There is no command "${name}".\n\n${usage}`);
    return exitCodes.wrongUse;
  }
  try {
    return await command(rest, context);
  } catch (thrown) {
    if (thrown instanceof WrongUse) {
      context.tell(`${thrown.message}\n\n${usage}`);
      return exitCodes.wrongUse;
    }
    if (!(thrown instanceof AppError)) throw thrown;
    context.tell(thrown.message);
    return exitCodes.bad;
  }
}
