import type { Logger } from 'pino';
import type { ModelRegistry } from '../models/registry';
import type { Storage } from '../storage/storage';
import { Generations } from './generations';
import { OwnerEvents } from './owner-events';
import { Reaper } from './reaper';
import { furnish, type GenerationRoom } from './room';
import { TaskModel } from './task-model';
import { Titles } from './titles';

export type { GenerationRoom } from './room';

export interface GenerationRoomOptions {
  storage: Storage;
  models: ModelRegistry;
  log: Logger;
  /** Id of the model that names conversations. */
  taskModel?: string | undefined;
}

/**
 * Opens the room: resolves when what a former process left running has been ended. `close` ends the runs of this
 * process with what they have; `closeReaper` comes after the models are closed, since the reaper writes what they leave.
 */
export async function openGenerationRoom({
  storage,
  models,
  log,
  taskModel,
}: GenerationRoomOptions): Promise<{
  room: GenerationRoom;
  close: () => Promise<void>;
  closeReaper: () => Promise<void>;
}> {
  const ownerEvents = new OwnerEvents();
  models.onChange(() => ownerEvents.broadcast({ type: 'models-changed' }));
  const processId = crypto.randomUUID();
  const small = new TaskModel({ modelId: taskModel, models, log });
  const titles = new Titles({
    storage,
    findModel: () => small.find(),
    place: (model, signal) => generations.idlePlace(model, signal),
    onChanged: (owner, id) => generations.tellChanged(owner, id),
    log,
  });
  const generations: Generations = new Generations({
    storage,
    models,
    ownerEvents,
    processId,
    log,
    onUntitled: (owner, { begin: { conversationId, title }, path }) =>
      titles.suggest({ owner, conversationId, title, path }),
  });
  const reaper = new Reaper({ storage, generations, processId, log });
  await reaper.start();
  return {
    room: furnish({ storage, models, generations, ownerEvents }),
    close: async () => {
      small.close();
      await Promise.all([titles.close(), generations.close()]);
    },
    closeReaper: () => reaper.close(),
  };
}
