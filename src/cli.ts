import { processEnv } from './lib/server/config/env';
import { runCommand } from './lib/server/cli/run-command';
import { projectRoot } from './lib/server/programs';

// `parlance ...`. What is asked for goes to stdout, so that it can be written to a file; all else to stderr.
const code = await runCommand(process.argv.slice(2), {
  environment: processEnv(),
  workDir: process.cwd(),
  projectDir: projectRoot(),
  print: (line) => process.stdout.write(`${line}\n`),
  tell: (line) => process.stderr.write(`${line}\n`),
});
process.exitCode = code;
