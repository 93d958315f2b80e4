import { describe, expect, it } from 'vitest';
import { parseSearch } from '../../../domain/search-terms';
import {
  beginRun,
  makeFinish,
  makeStart,
  msLater,
  someDay,
  type BegunRun,
  type StartShape,
} from '../fixtures';
import type { Storage } from '../storage';
import { faultOf, withStorage, type OpenStorage } from './with-storage';

/** Finds everything, and shows it as texts: titles as `# title`, hits in brackets. */
async function found({ search }: Storage, typed: string, owner = 'ann'): Promise<string[]> {
  const { hits, next } = await search.find(owner, parseSearch(typed), { limit: 100 });
  expect(next).toBeNull();
  return hits.map(({ title, message }) => {
    const pieces = message?.excerpt ?? title;
    const text = pieces.map(({ text, isHit }) => (isHit ? `[${text}]` : text)).join('');
    return message ? text : `# ${text}`;
  });
}

/** A conversation with a question and an answer that is written to its end. */
async function answered(storage: Storage, answer: string, shape: StartShape): Promise<BegunRun> {
  const run = await beginRun(storage, 'ann', { title: 'untitled', ...shape });
  await storage.generations.finish([makeFinish(run, answer)]);
  return run;
}

/** What is looked for is found, and nothing else. */
export function describeSearch(open: OpenStorage): void {
  describeWords(open);
  describeHits(open);
  describeChanges(open);
  describeGone(open);
}

function describeWords(open: OpenStorage): void {
  const use = withStorage(open);
  const texts = [
    'The Café in Łódź opens at nine',
    'An email to don_quixote about "windmills"',
    '東京タワーはとても高い',
    'Nine lives, nine tails',
  ];
  const cases: [typed: string, found: string[]][] = [
    ['cafe', ['The [Café] in Łódź opens at nine']],
    ['LODZ', ['The Café in [Łódź] opens at nine']],
    ['nin', ['[Nine] lives, [nine] tails', 'The Café in Łódź opens at [nine]']],
    ['nin lives', []],
    ['tails nine', ['[Nine] lives, [nine] [tails]']],
    ['nine café', ['The [Café] in Łódź opens at [nine]']],
    ['nine windmills', []],
    ['"nine lives"', ['[Nine lives], nine tails']],
    ['"lives nine"', ['Nine [lives, nine] tails']],
    ['"nine tails lives"', []],
    ['don_qui', ['An email to [don_quixote] about "windmills"']],
    ['タワー', ['東京[タワー]はとても高い']],
    ['京都', []],
    ['高', ['東京タワーはとても[高]い']],
    ['', []],
    ['?!', []],
  ];

  describe('search', () => {
    it('finds words in any order, without case and accents, beginnings, phrases and Chinese', () =>
      use(async (storage) => {
        for (const text of texts) await answered(storage, '', { text });
        for (const [typed, expected] of cases) expect(await found(storage, typed), typed).toEqual(expected);
      }));

    it('takes whatever is typed for words', () =>
      use(async (storage) => {
        await answered(storage, '', { text: 'near and not or terms owner' });
        const hostile = [
          '"', '""', "'", 'a"b', 'NEAR', 'NEAR(a b, 3)', 'AND', 'NOT', 'OR', '*', 'a*', '^a', '-a', '+a', '(', ')',
          'owner:ann', '{owner terms}: x', 'terms : "x"', '\\', ';', '--', '\0', '\ud83d', '%', '_', ':', 'a:b',
          `"${'(['.repeat(60)}`, 'x '.repeat(500), '🏳️‍🌈', 'é'.repeat(300),
        ]; // prettier-ignore
        for (const typed of hostile) expect(await found(storage, typed), typed).toBeInstanceOf(Array);
        expect(await found(storage, 'not AND Near')).toEqual(['[near] [and] [not] or terms owner']);
      }));
  });
}

function describeHits(open: OpenStorage): void {
  const use = withStorage(open);

  describe('what search finds', () => {
    it('is titles first, newest first, then messages, the last stored first, each once over all pages', () =>
      use(async (storage) => {
        const titled = [];
        for (const ms of [1, 3, 3, 2]) {
          titled.push(await answered(storage, 'none', { title: 'the word', text: 'none', at: msLater(ms) }));
        }
        const spoken = [];
        for (const text of ['word 1', 'word 2', 'word 3'])
          spoken.push(await answered(storage, 'word', { text }));
        titled.sort(
          (a, b) =>
            b.user.createdAt.getTime() - a.user.createdAt.getTime() ||
            (a.conversationId < b.conversationId ? 1 : -1),
        );
        const expected = [
          ...titled.map(({ conversationId }) => [conversationId, null]),
          ...spoken.reverse().flatMap(({ conversationId: id, user, answer }) => [
            [id, answer.id],
            [id, user.id],
          ]),
        ];
        for (const limit of [1, 2, 4, 5, 10, 100]) expect(await placesOf(storage, limit)).toEqual(expected);
      }));

    it('refuses a cursor that it never gave', () =>
      use(async ({ search }) => {
        for (const before of ['', 'x', 'title_1', 'message_', 'message_x', 'title__x', '1_2', 'title_1_\0']) {
          const finding = search.find('ann', parseSearch('a'), { before, limit: 5 });
          expect(await faultOf(finding)).toBe('invalid-input');
        }
      }));
  });
}

function describeChanges(open: OpenStorage): void {
  const use = withStorage(open);

  describe('the index', () => {
    it('says what it is and when', () =>
      use(async (storage) => {
        const run = await answered(storage, 'some answer', {
          text: 'some question',
          title: 'some title',
          at: msLater(7),
        });
        const { hits } = await storage.search.find('ann', parseSearch('some'), { limit: 9 });
        const { conversationId } = run;
        const common = { conversationId, updatedAt: msLater(7) };
        const title = [
          { text: 'some', isHit: true },
          { text: ' title', isHit: false },
        ];
        const message = ({ id, role, createdAt }: BegunRun['user'], rest: string) => ({
          id,
          role,
          createdAt,
          excerpt: [
            { text: 'some', isHit: true },
            { text: rest, isHit: false },
          ],
        });
        expect(hits).toEqual([
          { ...common, title, message: null },
          { ...common, title, message: message(run.answer, ' answer') },
          { ...common, title, message: message(run.user, ' question') },
        ]);
      }));

    it('follows a title that changes and an answer that ends', () =>
      use(async (storage) => {
        const run = await beginRun(storage, 'ann', { text: 'q', title: 'old name', prefix: 'beginning' });
        expect(await found(storage, 'beginning'), 'not while it is written').toEqual([]);
        await storage.generations.finish([makeFinish(run, 'beginning and end')]);
        expect(await found(storage, 'end')).toEqual(['beginning and [end]']);
        await storage.conversations.update('ann', run.conversationId, { title: 'new name' });
        expect(await found(storage, 'name')).toEqual(['# new [name]']);
        expect(await found(storage, 'old')).toEqual([]);
      }));
  });
}

function describeGone(open: OpenStorage): void {
  const use = withStorage(open);

  describe('search does not find', () => {
    it('what is deleted, until it is restored', () =>
      use(async (storage) => {
        const { conversations } = storage;
        const run = await answered(storage, 'secret', { text: 'secret', title: 'secret' });
        await conversations.delete('ann', run.conversationId, someDay);
        expect(await found(storage, 'secret')).toEqual([]);
        await conversations.restore('ann', run.conversationId);
        expect(await found(storage, 'secret')).toHaveLength(3);
      }));

    it('a message that is deleted and what hangs from it, until they are restored', () =>
      use(async (storage) => {
        const { messages } = storage;
        const run = await answered(storage, 'secret answer', { text: 'secret question', title: 'open' });
        const { conversationId } = run;
        await messages.delete('ann', { conversationId, messageId: run.answer.id, at: someDay });
        expect(await found(storage, 'secret')).toEqual(['[secret] question']);
        await messages.delete('ann', { conversationId, messageId: run.user.id, at: someDay });
        expect(await found(storage, 'secret')).toEqual([]);
        await messages.restore('ann', conversationId, run.user.id);
        expect(await found(storage, 'secret')).toEqual(['[secret] question']);
        await messages.restore('ann', conversationId, run.answer.id);
        expect(await found(storage, 'secret')).toEqual(['[secret] answer', '[secret] question']);
      }));

    it('what is purged, also when its ids are used again', () =>
      use(async (storage) => {
        const { conversations, generations } = storage;
        const run = await answered(storage, 'secret', { text: 'secret', title: 'secret' });
        const other = await answered(storage, 'secret', { text: 'open', title: 'open' });
        await conversations.delete('ann', run.conversationId, someDay);
        expect(await conversations.purge(msLater(1), 9)).toBe(1);
        expect(await found(storage, 'secret')).toEqual(['[secret]']);
        await generations.begin('ann', makeStart(other.conversationId, { text: 'harmless' }));
        expect(await found(storage, 'secret')).toEqual(['[secret]']);
        expect(await found(storage, 'harmless')).toEqual(['[harmless]']);
      }));

    it('what an owner of a similar name has', () =>
      use(async (storage) => {
        await answered(storage, 'secret', { text: 'secret' });
        for (const owner of ['an', 'annn', 'ANN', 'ann ', '616e6e', 'ann" OR "', '*', '']) {
          expect(await found(storage, 'secret', owner), owner).toEqual([]);
        }
      }));
  });
}

/** Conversation and message of the hits of all pages, one after the other. */
async function placesOf({ search }: Storage, limit: number): Promise<[string, string | null][]> {
  const places: [string, string | null][] = [];
  let before: string | null = null;
  do {
    const page = await search.find('ann', parseSearch('word'), { limit, ...(before !== null && { before }) });
    expect(page.hits.length).toBeLessThanOrEqual(limit);
    for (const { conversationId, message } of page.hits) places.push([conversationId, message?.id ?? null]);
    before = page.next;
  } while (before !== null);
  return places;
}
