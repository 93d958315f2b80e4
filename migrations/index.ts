import { initial } from './0001-initial';
import { search } from './0002-search';
import { deletedMessages } from './0003-deleted-messages';
import { ownerSettings } from './0004-owner-settings';
import { conversationsByCreation } from './0005-conversations-by-creation';
import { deletedSettings } from './0006-deleted-settings';
import { connections } from './0007-connections';
import { files } from './0008-files';
import type { Migration } from './migration';

/** All migrations, oldest first; append only. */
export const migrations: readonly Migration[] = [
  initial,
  search,
  deletedMessages,
  ownerSettings,
  conversationsByCreation,
  deletedSettings,
  connections,
  files,
];
