import { describe, expect, it } from 'vitest';
import { describeCollection } from './conformance/collection';
import { describeCollectionDeleting } from './conformance/collection-deleting';
import { describeConnections } from './conformance/connections';
import { describeConversations, describePaging } from './conformance/conversations';
import { describeDeleting } from './conformance/deleting';
import { describeFiles } from './conformance/files';
import { describeEnds, describeGenerations } from './conformance/generations';
import { describeLog } from './conformance/log';
import { describeMessageRaces } from './conformance/message-races';
import { describeMessages } from './conformance/messages';
import { describeOwners } from './conformance/owners';
import { describeRaces } from './conformance/races';
import { describeSearch } from './conformance/search';
import { describeSettings } from './conformance/settings';
import { describeTexts } from './conformance/texts';
import { faultOf, withStorage, type OpenStorage } from './conformance/with-storage';

/** The contract of `Storage`, for every driver. `open` gives an empty one each time. */
export function describeStorage(name: string, open: OpenStorage): void {
  describe(`storage: ${name}`, () => {
    describeConversations(open);
    describePaging(open);
    describeDeleting(open);
    describeCollection(open);
    describeCollectionDeleting(open);
    describeGenerations(open);
    describeEnds(open);
    describeLog(open);
    describeFiles(open);
    describeMessages(open);
    describeMessageRaces(open);
    describeOwners(open);
    describeRaces(open);
    describeSettings(open);
    describeTexts(open);
    describeSearch(open);
    describeConnections(open);
    describeProcesses(open);
  });
}

function describeProcesses(open: OpenStorage): void {
  const use = withStorage(open);

  describe('processes and the whole', () => {
    it('raises the counter of a process at each beat', () =>
      use(async ({ processes }) => {
        expect(await processes.list()).toEqual([]);
        await processes.beat('one');
        await processes.beat('two');
        await processes.beat('one');
        expect((await processes.list()).sort((a, b) => a.processId.localeCompare(b.processId))).toEqual([
          { processId: 'one', counter: 2 },
          { processId: 'two', counter: 1 },
        ]);
        await processes.remove('one');
        await processes.remove('never was');
        expect(await processes.list()).toEqual([{ processId: 'two', counter: 1 }]);
      }));

    it('is checked without leaving a trace', () =>
      use(async (storage) => {
        const [, seen] = await Promise.all([storage.check(), storage.processes.list()]);
        expect([...seen, ...(await storage.processes.list())]).toEqual([]);
      }));

    it('finishes what is under way when it is closed, closes twice, and refuses what comes later', () =>
      use(async (storage) => {
        const beat = storage.processes.beat('one');
        await Promise.all([storage.close(), storage.close()]);
        await expect(beat).resolves.toBeUndefined();
        await storage.close();
        expect(await faultOf(storage.processes.list())).toBe('storage-unavailable');
        expect(await faultOf(storage.check())).toBe('storage-unavailable');
      }));
  });
}
