import { initial } from './0001-initial';
import { conversationsByCreation } from './0005-conversations-by-creation';
import type { Migration } from './migration';

/** All migrations, oldest first; append only. */
export const migrations: readonly Migration[] = [initial, conversationsByCreation];
