import { describe, expect, it } from 'vitest';
import { fileIdsOf, fromPortable, toPortable, withNewIds } from './portable';
import { randomConversation } from './__fixtures__/random-conversation';
import { portableConversationSchema, portableDocumentSchema } from './portable-schema';

const seeds = Array.from({ length: 40 }, (_, index) => index);
type Json = Record<string, unknown>;

/** What a file has of a conversation. */
const written = (seed: number) => JSON.parse(JSON.stringify(toPortable(randomConversation(seed)))) as Json;

/** The first fault: where, and what. */
function faultOf(value: unknown): string {
  const issue = portableConversationSchema.safeParse(value).error?.issues[0];
  return issue ? `${issue.path.join('.')}: ${issue.message}` : 'none';
}

describe('the portable form', () => {
  it.each(seeds)('loses nothing on its way through a file: tree %i', (seed) => {
    const whole = randomConversation(seed);
    expect(fromPortable(portableConversationSchema.parse(written(seed)))).toEqual(whole);
  });

  it('keeps the calls of functions', () => {
    const whole = randomConversation(5);
    const call = { type: 'tool-call' as const, id: 'call_1', name: 'f', arguments: '{"a":1}' };
    const messages = whole.messages.map((message) => ({ ...message, parts: [...message.parts, call] }));
    const file: unknown = JSON.parse(JSON.stringify(toPortable({ ...whole, messages })));
    expect(fromPortable(portableConversationSchema.parse(file))).toEqual({ ...whole, messages });
  });

  it('leaves out what belongs to a server, and runs without a message', () => {
    const whole = randomConversation(5);
    const text = JSON.stringify(toPortable(whole));
    for (const word of ['processId', 'requestHash', 'conversationId']) expect(text).not.toContain(word);
    expect(whole.generations.length).toBeGreaterThan(0);
    expect(toPortable({ ...whole, messages: [] }).generations).toEqual([]);
  });

  it('says of what ran in the file that it was interrupted', () => {
    const whole = randomConversation(5);
    const messages = whole.messages.map((message) => ({ ...message, status: 'running' as const }));
    const generations = whole.generations.map(({ endedAt: _, ...run }) => ({
      ...run,
      status: 'queued' as const,
    }));
    const read = fromPortable(toPortable({ ...whole, messages, generations }));
    expect(new Set(read.messages.map(({ status }) => status))).toEqual(new Set(['interrupted']));
    expect(read.generations[0]).toMatchObject({
      status: 'interrupted',
      endedAt: whole.conversation.updatedAt,
    });
  });

  it('takes files with their bytes, and gives other ids to those alone that come with it', () => {
    const [first, second] = [crypto.randomUUID(), crypto.randomUUID()];
    const shows = (fileId: string) => ({
      type: 'file' as const,
      fileId,
      name: 'a.png',
      mime: 'image/png',
      width: 1,
    });
    const whole = randomConversation(5);
    const [message] = whole.messages;
    if (message) message.parts = [shows(first), { type: 'text', text: 'and' }, shows(second), shows(first)];
    expect(fileIdsOf(whole.messages)).toEqual([first, second]);
    const file = { id: first, name: 'a.png', mime: 'image/png', createdAt: new Date(5), bytes: 'AAEC' };
    const document = JSON.parse(JSON.stringify({ ...toPortable(whole), files: [file] })) as Json;
    const [stored] = document.files as Json[];
    const parsed = portableConversationSchema.parse(document);
    expect(parsed.files).toEqual([file]);
    expect(fromPortable(parsed)).toEqual(whole);
    expect(faultOf({ ...document, files: [stored, stored] })).toContain('files.1.id');
    expect(faultOf({ ...document, files: [{ ...stored, bytes: 'no base64!' }] })).toContain('files.0.bytes');
    expect(faultOf({ ...document, files: [{ ...stored, mime: 'image/svg+xml' }] })).toContain('files.0.mime');
    const moved = withNewIds(whole, () => 'new', new Set([first]));
    expect(fileIdsOf(moved.messages)).toEqual(['new', second]);
  });

  it('gives other ids to everything, and all links still hold', () => {
    for (const seed of seeds) {
      const whole = randomConversation(seed);
      const swap = (id: string) => id.split('').reverse().join('');
      const other = withNewIds(whole, swap);
      expect(other.conversation.id).not.toBe(whole.conversation.id);
      expect(withNewIds(other, swap)).toEqual(whole);
      const text = JSON.stringify(other);
      for (const { id } of [...whole.messages, ...whole.generations]) expect(text).not.toContain(id);
    }
  });
});

describe('a damaged conversation', () => {
  const whole = written(7);
  const messages = whole.messages as Json[];
  const withMessage = (changes: Json) => ({
    ...whole,
    messages: [{ ...messages[0], ...changes }, ...messages.slice(1)],
  });
  const absent = '11111111-1111-4111-8111-111111111111';

  it.each<[string, unknown, RegExp]>([
    ['is no object', 'text', /^: /u],
    ['has a property of its own', { ...whole, html: '<b>' }, /html/u],
    [
      'has a hostile property',
      JSON.parse(`{"__proto__":{"a":1},${JSON.stringify(whole).slice(1)}`),
      /__proto__/u,
    ],
    ['has a message with HTML', withMessage({ html: '<script>' }), /^messages\.0: .*html/u],
    ['has an unknown role', withMessage({ role: 'root' }), /^messages\.0\.role: /u],
    [
      'has a part of another kind',
      withMessage({ parts: [{ type: 'file', fileId: absent }] }),
      /^messages\.0\.parts\.0/u,
    ],
    ['has an id that is none', { ...whole, id: '../../etc' }, /^id: /u],
    ['has a time that is none', { ...whole, createdAt: 'yesterday' }, /^createdAt: /u],
    ['has a parent that is not there', withMessage({ parentId: absent }), /^messages\.0\.parentId: /u],
    ['has a run that is not there', withMessage({ generationId: absent }), /^messages\.0\.generationId: /u],
    ['has a leaf that is not there', { ...whole, leafId: absent }, /^leafId: /u],
    [
      'has a message twice',
      { ...whole, messages: [...messages, messages[0]] },
      /^messages\.\d+\.id: .*twice/u,
    ],
    ['has children before parents', { ...whole, messages: messages.toReversed() }, /parentId: /u],
    [
      'has a parameter out of range',
      { ...whole, settings: { parameters: { temperature: 99 } } },
      /^settings\.parameters\.temperature/u,
    ],
  ])('that %s is refused with its place', (_, value, fault) => {
    expect(faultOf(whole)).toBe('none');
    expect(faultOf(value)).toMatch(fault);
  });

  it.each<[string, Json, RegExp]>([
    ['of another format', { format: 'other' }, /not a file/u],
    ['of another version', { version: 2 }, /reads version 1/u],
  ])('a document %s is refused in words', (_, changes, words) => {
    const document = {
      format: 'parlance-conversations',
      version: 1,
      exportedAt: new Date().toISOString(),
      conversations: [],
    };
    expect(portableDocumentSchema.safeParse(document).success).toBe(true);
    expect(portableDocumentSchema.safeParse({ ...document, ...changes }).error?.message).toMatch(words);
  });
});
