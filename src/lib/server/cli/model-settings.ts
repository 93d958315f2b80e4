import { resolve } from 'node:path';
import { readEnv } from '../config/env';
import type { ModelSettings } from '../models/operator-models';
import type { CommandContext } from './command';

/**
 * What the operator says of models: as the server reads it, or with another file in place of `MODELS_FILE` and `MODELS`.
 * Throws `config-invalid` with every variable that cannot be read.
 */
export function modelSettings(
  { environment, workDir, projectDir }: CommandContext,
  file?: string,
): ModelSettings {
  const other = file === undefined ? {} : { MODELS: '', MODELS_FILE: resolve(workDir, file) };
  return { ...readEnv({ ...environment, ...other }, projectDir), baseDir: projectDir, environment };
}
