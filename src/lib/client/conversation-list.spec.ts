import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ConversationSummary } from '../domain/conversation';
import type { Api, ConversationsPage } from './api';
import { ConversationList } from './conversation-list.svelte';
import { Undo } from './undo.svelte';

/** Number 0 is the newest. */
function numbered(number: number, changes: Partial<ConversationSummary> = {}): ConversationSummary {
  const common = { kind: 'chat', modelId: 'm', isPinned: false, isRunning: false, isUnread: false } as const;
  const id = String(number).padStart(5, '0');
  return { ...common, id, title: id, updatedAt: new Date(1e12 - number * 1000), ...changes };
}

const range = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => numbered(from + index));
const idsOf = (list: ConversationList) => list.conversations.map(({ id }) => Number(id));

function listOf(count: number, next: string | null = null) {
  const api = {
    listConversations: vi.fn<Api['listConversations']>(),
    updateConversation: vi.fn<Api['updateConversation']>(),
    deleteConversation: vi.fn<Api['deleteConversation']>(),
    restoreConversation: vi.fn<Api['restoreConversation']>(),
  };
  const undo = new Undo();
  const list = new ConversationList(api as unknown as Api, { conversations: range(0, count), next }, undo);
  return { api, list, undo };
}

const changed = (conversation: ConversationSummary) =>
  ({ type: 'conversation-changed', conversation }) as const;

it('shows no page under another than it was asked for: the list may begin anew meanwhile', async () => {
  const { api, list } = listOf(10, 'after 9');
  let answer: (page: ConversationsPage) => void = () => undefined;
  api.listConversations.mockReturnValueOnce(new Promise((resolve) => (answer = resolve)));
  api.listConversations.mockResolvedValueOnce({ conversations: range(0, 3), next: 'after 2' });
  const loading = list.loadMore();
  await list.reload();
  answer({ conversations: range(10, 20), next: 'after 19' });
  await loading;
  expect([idsOf(list), list.next]).toEqual([[0, 1, 2], 'after 2']);
});

describe('events of the list', () => {
  it('put a conversation where it belongs, wherever it was', () => {
    const { list } = listOf(5);
    list.onEvent(changed(numbered(3, { updatedAt: new Date(1e12 + 1) })));
    expect(idsOf(list)).toEqual([3, 0, 1, 2, 4]);
    list.onEvent(changed(numbered(4, { isPinned: true })));
    expect(idsOf(list)).toEqual([4, 3, 0, 1, 2]);
    list.onEvent(changed(numbered(4)));
    list.onEvent(changed(numbered(9)));
    expect(idsOf(list)).toEqual([3, 0, 1, 2, 4, 9]);
    list.onEvent({ type: 'conversation-deleted', conversationId: numbered(1).id });
    list.onEvent({ type: 'conversation-deleted', conversationId: 'never was' });
    expect(idsOf(list)).toEqual([3, 0, 2, 4, 9]);
    expect(list.get(numbered(1).id)).toBeUndefined();
  });

  it.each(['refresh', 'reload'] as const)(
    'count after an older answer to %s that comes later',
    async (what) => {
      const { api, list } = listOf(3);
      let answer: (page: ConversationsPage) => void = () => undefined;
      api.listConversations.mockReturnValue(new Promise((resolve) => (answer = resolve)));
      const asked = list[what]();
      list.onEvent(changed(numbered(0, { id: 'new', isRunning: true })));
      list.onEvent({ type: 'conversation-deleted', conversationId: numbered(1).id });
      answer({ conversations: range(0, 3), next: null });
      await asked;
      expect(list.get('new')?.isRunning).toBe(true);
      expect(list.get(numbered(1).id)).toBeUndefined();
      list.onEvent({ type: 'conversation-deleted', conversationId: 'new' });
      expect(idsOf(list)).toEqual([0, 2]);
    },
  );

  it('leave what belongs further down to its own page', async () => {
    const { api, list } = listOf(5, 'next');
    list.onEvent(changed(numbered(7)));
    expect(idsOf(list)).toEqual([0, 1, 2, 3, 4]);
    // The last one goes up and comes back: it is above the cursor of the next page.
    list.onEvent(changed(numbered(4, { isPinned: true })));
    list.onEvent(changed(numbered(4)));
    expect(idsOf(list)).toEqual([0, 1, 2, 3, 4]);
    api.listConversations.mockResolvedValue({ conversations: range(5, 9), next: null });
    await Promise.all([list.loadMore(), list.loadMore()]);
    expect(api.listConversations.mock.calls).toEqual([['next']]);
    expect(idsOf(list)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    await list.loadMore();
    expect(api.listConversations).toHaveBeenCalledTimes(1);
  });

  it('redraw no group but their own', () => {
    const { list } = listOf(0);
    const [now, before] = [new Date(), new Date(2020, 1, 1)];
    for (const number of [1, 2]) list.onEvent(changed(numbered(number, { updatedAt: before })));
    list.onEvent(changed(numbered(3, { updatedAt: now })));
    const [today, old] = list.groups;
    list.onEvent(changed(numbered(3, { updatedAt: now, isRunning: true })));
    expect(list.groups[0]).not.toBe(today);
    expect(list.groups[1]).toBe(old);
  });

  it('are told apart when the page was away', async () => {
    const { api, list } = listOf(6, 'next');
    api.listConversations.mockResolvedValue({ conversations: [numbered(8), ...range(1, 3)], next: 'n' });
    await list.refresh();
    expect(idsOf(list), 'what was loaded below stays').toEqual([8, 1, 2, 3, 4, 5]);
    api.listConversations.mockResolvedValue({ conversations: range(1, 3), next: null });
    await list.refresh();
    expect(idsOf(list), 'what is gone goes').toEqual([1, 2]);
    expect(list.next).toBeNull();
  });
});

describe('changes of several', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('are shown at once, and taken back where the server refuses', async () => {
    const { api, list, undo } = listOf(6);
    const failing = numbered(2).id;
    const refuse = (id: string) => (id === failing ? Promise.reject(new Error('no')) : Promise.resolve());
    api.updateConversation.mockImplementation((id) => refuse(id) as never);
    api.deleteConversation.mockImplementation((id) => refuse(id) as never);
    const pinning = list.setPinned(range(2, 5), true);
    expect(idsOf(list)).toEqual([2, 3, 4, 0, 1, 5]);
    await pinning;
    expect(idsOf(list)).toEqual([3, 4, 0, 1, 2, 5]);
    expect(list.error).toContain('cannot be reached');
    const deleting = list.delete(range(1, 3));
    expect(idsOf(list)).toEqual([3, 4, 0, 5]);
    await deleting;
    expect(idsOf(list)).toEqual([3, 4, 0, 2, 5]);
    expect(undo.offer?.text).toBe(`Deleted “${numbered(1).title}”`);
    expect(await undo.take()).toBe(`/conversation/${numbered(1).id}`);
    expect(api.restoreConversation.mock.calls).toEqual([[numbered(1).id]]);
    expect(idsOf(list)).toEqual([3, 4, 0, 1, 2, 5]);
  });

  it('can be undone for a while', async () => {
    const { list, undo } = listOf(3);
    await list.delete(range(0, 2));
    vi.advanceTimersByTime(7000);
    expect(undo.offer?.text).toBe('Deleted 2 conversations');
    vi.advanceTimersByTime(2000);
    expect(undo.offer).toBeNull();
  });
});

describe('the selection', () => {
  const chosen = (list: ConversationList) => list.selection.chosen().map(({ id }) => Number(id));

  it('chooses ranges in both directions, all, and none', () => {
    const { list } = listOf(6);
    const { selection } = list;
    selection.open(numbered(4).id);
    selection.toggle(numbered(2).id, true);
    expect(chosen(list)).toEqual([2, 3, 4]);
    selection.toggle(numbered(0).id);
    selection.toggle(numbered(3).id);
    selection.toggle(numbered(4).id, true);
    expect(chosen(list)).toEqual([0, 2]);
    selection.toggleAll();
    expect(chosen(list)).toEqual([0, 1, 2, 3, 4, 5]);
    selection.toggleAll();
    expect(selection.size).toBe(0);
  });

  it('loses what is deleted elsewhere', () => {
    const { list } = listOf(3);
    list.selection.open(numbered(1).id);
    list.onEvent({ type: 'conversation-deleted', conversationId: numbered(1).id });
    expect(list.selection.size).toBe(0);
    list.selection.toggle(numbered(2).id, true);
    expect(chosen(list)).toEqual([2]);
  });
});
