import { AppError } from '../../domain/errors';
import { readFolder } from '../backends/local/model-folder';
import type { ModelConfig } from './model-config';

/** What is wrong with the folders of local models, one sentence or two for each; nothing is loaded. */
export async function faultsOfFolders(models: readonly ModelConfig[]): Promise<string[]> {
  const faults = await Promise.all(
    models.map(async ({ id, backend }) => {
      if (backend?.type !== 'local') return undefined;
      try {
        await readFolder(backend.path, backend.dtype);
        return undefined;
      } catch (thrown) {
        if (!(thrown instanceof AppError)) throw thrown;
        return `${id}: ${thrown.message} ${String(thrown.details?.remedy ?? '')}`.trim();
      }
    }),
  );
  return faults.filter((fault) => fault !== undefined);
}
