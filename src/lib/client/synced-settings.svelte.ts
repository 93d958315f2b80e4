import {
  applySettingsChanges,
  areNoChanges,
  joinSettingsChanges,
  type Settings,
  type SettingsChanges,
} from '../domain/settings';
import { thrownWords } from './error-words';

/** Sends the changes and resolves to all that is set then. */
export type SaveSettings = (changes: SettingsChanges) => Promise<Settings>;

/** Changes that come closer together travel together, in milliseconds. */
const gatherMs = 300;

/**
 * Settings that the server keeps, shown with what this page has changed. Only what was changed is sent, so a page that
 * is behind overwrites nothing else; what other tabs change comes by `receive`.
 */
export class SyncedSettings {
  /** Why the last change is not saved; it is kept, and sent again with the next or by `flush`. */
  error = $state.raw<string | null>(null);
  private stored = $state.raw<Settings>({});
  private sending = $state.raw<SettingsChanges>({});
  private waiting = $state.raw<SettingsChanges>({});
  private received = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private task: Promise<void> | undefined;

  constructor(
    initial: Settings,
    private readonly save: SaveSettings,
  ) {
    this.stored = initial;
  }

  /** As this page shows them. Not `$derived`: that would die with the component in which it was made. */
  get current(): Settings {
    return applySettingsChanges(applySettingsChanges(this.stored, this.sending), this.waiting);
  }

  get isSaving(): boolean {
    return !areNoChanges(this.sending) || !areNoChanges(this.waiting);
  }

  /** Shows the changes at once and sends them soon. */
  change(changes: SettingsChanges): void {
    this.waiting = joinSettingsChanges(this.waiting, changes);
    this.error = null;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.flush(), gatherMs);
  }

  /** What the server has, by its own word; what this page has changed since stays over it. */
  receive(settings: Settings): void {
    this.stored = settings;
    this.received += 1;
  }

  /** Sends what waits. Does not throw: a fault is in `error`. */
  flush(): Promise<void> {
    clearTimeout(this.timer);
    this.task ??= this.sendAll().finally(() => (this.task = undefined));
    return this.task;
  }

  private async sendAll(): Promise<void> {
    while (!areNoChanges(this.waiting)) {
      const changes = (this.sending = this.waiting);
      this.waiting = {};
      const { received } = this;
      try {
        const settings = await this.save(changes);
        // The stream of events has the order: an answer that it overtook is older than what is shown.
        this.stored = received === this.received ? settings : applySettingsChanges(this.stored, changes);
        this.error = null;
      } catch (thrown) {
        this.waiting = joinSettingsChanges(changes, this.waiting);
        this.error = thrownWords(thrown);
        return;
      } finally {
        this.sending = {};
      }
    }
  }
}
