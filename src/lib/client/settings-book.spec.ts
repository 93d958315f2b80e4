import { describe, expect, it } from 'vitest';
import type { Conversation } from '../domain/conversation';
import { applySettingsChanges, type Settings } from '../domain/settings';
import { api, type Api } from './api';
import { SettingsBook } from './settings-book.svelte';

/** A server that keeps the settings of one conversation, and makes it when it is told to. */
function book() {
  const calls: string[] = [];
  let stored: Settings | undefined;
  let make: () => void = () => undefined;
  const conversation = (settings: Settings): Conversation => ({
    id: 'c',
    kind: 'chat',
    title: '',
    leafId: null,
    modelId: 'm',
    settings,
    isPinned: false,
    createdAt: new Date(0),
    updatedAt: new Date(0),
  });
  const server: Api = {
    ...api,
    createConversation: ({ settings = {} }) => {
      calls.push('make');
      return new Promise((resolve) => {
        make = () => resolve(conversation((stored = settings)));
      });
    },
    updateConversation: (_id, { settings = {} }) => {
      calls.push('change');
      return Promise.resolve(conversation((stored = applySettingsChanges(stored ?? {}, settings))));
    },
  };
  const made = new SettingsBook(server, {});
  return { settings: made, server, calls, make: () => make(), stored: () => stored };
}

describe('SettingsBook', () => {
  it('keeps the settings of a conversation that is not begun, and sends them when it is made', async () => {
    const { settings, server, calls, make, stored } = book();
    const own = settings.of('c');
    own.change({ systemPrompt: 'early' });
    await own.flush();
    expect(calls).toEqual([]);
    expect(settings.isStored('c')).toBe(false);
    const making = settings.around(server).createConversation({ id: 'c' });
    make();
    await making;
    expect(stored()).toEqual({ systemPrompt: 'early' });
    expect(settings.isStored('c')).toBe(true);
    expect(own.current).toEqual({ systemPrompt: 'early' });
  });

  it('sends what is changed while it is being made after it', async () => {
    const { settings, server, calls, make, stored } = book();
    const own = settings.of('c');
    const making = settings.around(server).createConversation({ id: 'c' });
    own.change({ parameters: { seed: 1 } });
    const flushed = own.flush();
    expect(calls).toEqual(['make']);
    make();
    await making;
    await flushed;
    expect(calls).toEqual(['make', 'change']);
    expect(stored()).toEqual({ parameters: { seed: 1 } });
    expect(own.current).toEqual({ parameters: { seed: 1 } });
  });

  it('takes changes of other tabs for what it has open, and for nothing else', () => {
    const { settings } = book();
    const own = settings.of('c');
    settings.onEvent({ type: 'settings-changed', settings: { systemPrompt: 'all' } });
    settings.onEvent({
      type: 'conversation-settings-changed',
      conversationId: 'c',
      settings: { systemPrompt: 'one' },
    });
    settings.onEvent({ type: 'conversation-settings-changed', conversationId: 'other', settings: {} });
    expect(settings.owner.current).toEqual({ systemPrompt: 'all' });
    expect(own.current).toEqual({ systemPrompt: 'one' });
  });
});
