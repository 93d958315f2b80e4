import { describe, expect, it, vi } from 'vitest';
import { api, type Api } from './api';
import { ConversationRecord } from './conversation-record.svelte';
import { conversation, lost } from './session-fixtures';

function recordWith({
  isNew = false,
  standIn,
}: { isNew?: boolean; standIn?: (id: string) => string | undefined } = {}) {
  const createConversation = vi.fn<Api['createConversation']>(() => Promise.resolve(conversation));
  const updateConversation = vi.fn<Api['updateConversation']>(() => Promise.resolve(conversation));
  const startReplies = vi.fn<Api['startReplies']>(() => Promise.resolve(new ReadableStream()));
  const fake: Api = { ...api, createConversation, updateConversation, startReplies };
  const record = new ConversationRecord('c', isNew, { api: fake, ...(standIn && { standIn }) });
  record.chosenModelId = 'first';
  return { record, createConversation, updateConversation };
}

const question = { parentId: null, replies: [] };

describe('ConversationRecord', () => {
  it('keeps a choice at once where the conversation is made, and with its making where it is not', async () => {
    const { record, updateConversation } = recordWith();
    await record.chooseModel('second');
    expect(updateConversation).toHaveBeenCalledWith('c', { modelId: 'second' });
    const begun = recordWith({ isNew: true });
    await begun.record.chooseModel('second');
    expect(begun.updateConversation).not.toHaveBeenCalled();
    await begun.record.submit(question);
    expect(begun.createConversation).toHaveBeenCalledWith({ id: 'c', modelId: 'second' });
    expect(begun.record.isMade).toBe(true);
  });

  it('is with the default until somebody chooses, and keeps the one that it was made with', async () => {
    let usual = 'small';
    const { record, createConversation, updateConversation } = recordWith({
      isNew: true,
      standIn: (id) => (id === '' ? usual : id),
    });
    record.chosenModelId = '';
    usual = 'just connected';
    expect(record.modelId).toBe('just connected');
    await record.submit(question);
    expect(createConversation).toHaveBeenCalledWith({ id: 'c', modelId: 'just connected' });
    usual = 'another';
    expect(record.modelId).toBe('just connected');
    expect(updateConversation).not.toHaveBeenCalled();
  });

  it('keeps what is chosen while the conversation is being made', async () => {
    const { record, createConversation, updateConversation } = recordWith({ isNew: true });
    createConversation.mockImplementationOnce(async () => {
      await record.chooseModel('second');
      return conversation;
    });
    await record.submit(question);
    expect(updateConversation).toHaveBeenCalledWith('c', { modelId: 'second' });
  });

  it('goes back when a choice cannot be kept', async () => {
    const { record, updateConversation } = recordWith();
    updateConversation.mockRejectedValueOnce(lost());
    await expect(record.chooseModel('second')).rejects.toThrow('Gone.');
    expect(record.modelId).toBe('first');
  });

  it('takes what another tab chose, except while it is choosing itself', async () => {
    const { record, updateConversation } = recordWith();
    record.receive('other');
    expect(record.modelId).toBe('other');
    updateConversation.mockImplementationOnce(() => {
      record.receive('late word of the other tab');
      return Promise.resolve(conversation);
    });
    await record.chooseModel('mine');
    expect(record.modelId).toBe('mine');
  });

  it('is with what stands in for a gone model from its first answer on', async () => {
    const { record, updateConversation } = recordWith({ standIn: (id) => (id === 'first' ? 'heir' : id) });
    expect(record.modelId).toBe('heir');
    await record.settleModel(['somebody else']);
    expect(record.chosenModelId).toBe('first');
    await record.settleModel(['heir']);
    expect(record.chosenModelId).toBe('heir');
    expect(updateConversation).toHaveBeenCalledWith('c', { modelId: 'heir' });
  });

  it('names the chosen model where nothing stands in for it', () => {
    const { record } = recordWith({ standIn: () => undefined });
    expect(record.modelId).toBe('first');
  });
});
