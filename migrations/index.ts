import { initial } from './0001-initial';
import { deletedMessages } from './0003-deleted-messages';
import { ownerSettings } from './0004-owner-settings';
import type { Migration } from './migration';

/** All migrations, oldest first; append only. */
export const migrations: readonly Migration[] = [initial, deletedMessages, ownerSettings];
