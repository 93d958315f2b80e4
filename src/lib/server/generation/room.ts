import type { ModelRegistry } from '../models/registry';
import type { Storage } from '../storage/storage';
import { Collection } from './collection';
import { Conversations } from './conversations';
import { Files } from './files';
import type { Generations } from './generations';
import { Messages } from './messages';
import type { OwnerEvents } from './owner-events';
import { OwnerSettings } from './owner-settings';
import { Prompts } from './prompts';

/** What this room offers to requests. */
export interface GenerationRoom {
  readonly collection: Collection;
  readonly conversations: Conversations;
  readonly files: Files;
  readonly generations: Generations;
  readonly messages: Messages;
  readonly prompts: Prompts;
  readonly settings: OwnerSettings;
}

interface Furniture {
  storage: Storage;
  models: ModelRegistry;
  generations: Generations;
  ownerEvents: OwnerEvents;
}

/** Puts together what requests may use. */
export function furnish({ storage, models, generations, ownerEvents }: Furniture): GenerationRoom {
  return {
    collection: new Collection(storage, generations, ownerEvents),
    conversations: new Conversations(storage, models, generations, ownerEvents),
    files: new Files(storage.files),
    generations,
    messages: new Messages(storage, generations, ownerEvents),
    prompts: new Prompts(storage, models),
    settings: new OwnerSettings(storage.settings, ownerEvents),
  };
}
