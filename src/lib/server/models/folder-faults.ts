import { AppError } from '../../domain/errors';
import { createBackend } from '../backends/index';
import type { ModelConfig } from './model-config';

/** What is wrong with the folders of models that run here, one sentence or two for each; nothing is loaded. */
export async function faultsOfFolders(models: readonly ModelConfig[]): Promise<string[]> {
  const faults = await Promise.all(
    models.map(async ({ id, backend: config }) => {
      if (!config) return undefined;
      const backend = createBackend(config);
      try {
        await backend.readFolder?.();
        return undefined;
      } catch (thrown) {
        if (!(thrown instanceof AppError)) throw thrown;
        return `${id}: ${thrown.message} ${String(thrown.details?.remedy ?? '')}`.trim();
      } finally {
        await backend.close();
      }
    }),
  );
  return faults.filter((fault) => fault !== undefined);
}
