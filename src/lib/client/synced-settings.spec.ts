import { describe, expect, it } from 'vitest';
import { applySettingsChanges, type Settings, type SettingsChanges } from '../domain/settings';
import { SyncedSettings } from './synced-settings.svelte';

/** A server that answers when it is told to. */
function server(stored: Settings = {}) {
  const sent: SettingsChanges[] = [];
  const open: { answer: () => void; refuse: () => void }[] = [];
  const settings = new SyncedSettings(stored, (changes) => {
    sent.push(changes);
    return new Promise<Settings>((resolve, reject) => {
      open.push({
        answer: () => resolve((stored = applySettingsChanges(stored, changes))),
        refuse: () => reject(new Error('no network')),
      });
    });
  });
  /** What another tab changes: the server tells it by the stream. */
  const changeElsewhere = (changes: SettingsChanges) =>
    settings.receive((stored = applySettingsChanges(stored, changes)));
  return { settings, sent, open, changeElsewhere, stored: () => stored };
}

describe('SyncedSettings', () => {
  it('shows a change at once and sends what was changed alone, together', async () => {
    const { settings, sent, open, stored } = server({ systemPrompt: 'old', parameters: { seed: 1 } });
    settings.change({ parameters: { temperature: 0.5 } });
    settings.change({ parameters: { temperature: 0.6, top_p: 0.9 } });
    expect(settings.current.parameters).toEqual({ seed: 1, temperature: 0.6, top_p: 0.9 });
    expect(settings.isSaving).toBe(true);
    const flushed = settings.flush();
    expect(sent).toEqual([{ parameters: { temperature: 0.6, top_p: 0.9 } }]);
    open[0]?.answer();
    await flushed;
    expect(settings.isSaving).toBe(false);
    expect(settings.current).toEqual(stored());
  });

  it('does not overwrite what another tab has changed since', async () => {
    const { settings, open, changeElsewhere, stored } = server();
    changeElsewhere({ systemPrompt: 'from elsewhere', parameters: { seed: 9 } });
    settings.change({ parameters: { temperature: 0.5 } });
    const flushed = settings.flush();
    open[0]?.answer();
    await flushed;
    expect(stored()).toEqual({ systemPrompt: 'from elsewhere', parameters: { seed: 9, temperature: 0.5 } });
    expect(settings.current).toEqual(stored());
  });

  it('an answer that the stream has overtaken does not bring the old value back', async () => {
    const { settings, open, changeElsewhere } = server();
    settings.change({ parameters: { temperature: 0.5 } });
    const flushed = settings.flush();
    open[0]?.answer();
    changeElsewhere({ parameters: { top_k: 3 } });
    await flushed;
    expect(settings.current.parameters).toEqual({ temperature: 0.5, top_k: 3 });
  });

  it('keeps what is changed while something is being sent, and sends it after', async () => {
    const { settings, sent, open, stored } = server();
    settings.change({ systemPrompt: 'a' });
    const flushed = settings.flush();
    settings.change({ systemPrompt: 'ab' });
    expect(settings.current.systemPrompt).toBe('ab');
    open[0]?.answer();
    await expect.poll(() => sent.length).toBe(2);
    expect(settings.current.systemPrompt).toBe('ab');
    open[1]?.answer();
    await flushed;
    expect(stored()).toEqual({ systemPrompt: 'ab' });
  });

  it('keeps a change that could not be sent, says so, and sends it again', async () => {
    const { settings, sent, open, stored } = server();
    settings.change({ systemPrompt: 'kept' });
    const failed = settings.flush();
    open[0]?.refuse();
    await failed;
    expect(settings.error).not.toBeNull();
    expect(settings.current.systemPrompt).toBe('kept');
    const again = settings.flush();
    open[1]?.answer();
    await again;
    expect(sent[1]).toEqual({ systemPrompt: 'kept' });
    expect(stored()).toEqual({ systemPrompt: 'kept' });
    expect(settings.error).toBeNull();
  });
});
