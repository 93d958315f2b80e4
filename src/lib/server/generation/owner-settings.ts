import type { Settings, SettingsChanges } from '../../domain/settings';
import type { SettingsStore } from '../storage/storage';
import type { OwnerEvents } from './owner-events';

/** The defaults of owners. Each change is told to the owner's other tabs. */
export class OwnerSettings {
  constructor(
    private readonly store: SettingsStore,
    private readonly ownerEvents: OwnerEvents,
  ) {}

  get(owner: string): Promise<Settings> {
    return this.store.get(owner);
  }

  /** Changes by key; what is absent stays as other tabs left it. */
  async update(owner: string, changes: SettingsChanges): Promise<Settings> {
    const settings = await this.store.update(owner, changes);
    this.ownerEvents.publish(owner, { type: 'settings-changed', settings });
    return settings;
  }
}
