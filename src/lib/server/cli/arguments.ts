import { parseArgs, type ParseArgsConfig } from 'node:util';
import { WrongUse } from './command';

type Options = NonNullable<ParseArgsConfig['options']>;

/** Arguments and options of a command. Throws `WrongUse` for an option that it does not have. */
export function readArguments<const O extends Options>(args: string[], options: O) {
  try {
    return parseArgs({ args, options, allowPositionals: true, strict: true });
  } catch (thrown) {
    throw new WrongUse(thrown instanceof Error ? (thrown.message.split('. ')[0] ?? '') : String(thrown));
  }
}
