import type { ModelSummary } from '../domain/model-summary';
import type { Conversation } from '../domain/conversation';
import type { OwnerEvent } from '../domain/owner-event';
import type { GenerationParameters } from '../domain/parameters';
import { applySettingsChanges, type Settings, type SettingsChanges } from '../domain/settings';
import type { Api } from './api';
import { planOf, type ReplyPlan } from './replies';
import { SyncedSettings } from './synced-settings.svelte';

/** What an owner set for all conversations. */
export type Defaults = Settings;

/** What an answer is asked for with. */
interface Asked {
  modelId: string;
  /** Its own settings, which lie under all others, and whether its answers can be given a start. */
  model: (Settings & Partial<Pick<ModelSummary, 'canContinue'>>) | undefined;
  /** For this answer alone. */
  parameters: GenerationParameters | undefined;
}

/** The settings of a conversation, which the server knows once it is made. */
class ConversationEntry {
  readonly settings: SyncedSettings;
  isStored = false;
  making: Promise<unknown> | undefined;

  constructor(
    private readonly id: string,
    private readonly api: Api,
  ) {
    this.settings = new SyncedSettings({}, (changes) => this.save(changes));
  }

  private async save(changes: SettingsChanges): Promise<Settings> {
    // What is changed while it is being made goes after it.
    await this.making?.catch(() => undefined);
    if (!this.isStored) return applySettingsChanges(this.settings.current, changes);
    return (await this.api.updateConversation(this.id, { settings: changes })).settings;
  }
}

/** All settings that the server keeps for this page: the owner's defaults, and those of the conversations it opened. */
export class SettingsBook {
  /** Whether the dialog with the defaults is open. */
  isOpen = $state(false);
  readonly owner: SyncedSettings;
  private readonly conversations = new Map<string, ConversationEntry>();

  constructor(
    private readonly api: Api,
    defaults: Defaults,
  ) {
    this.owner = new SyncedSettings(defaults, (changes) => api.updateSettings(changes));
  }

  /** Those of a conversation; before its first message they wait here and are sent with its making. */
  of(conversationId: string): SyncedSettings {
    return this.entry(conversationId).settings;
  }

  /** Whether the server knows this conversation. */
  isStored(conversationId: string): boolean {
    return this.entry(conversationId).isStored;
  }

  /** What counts for answers of a conversation, all in all. */
  plan(conversationId: string, { modelId, model, parameters = {} }: Asked): ReplyPlan {
    const [owner, conversation] = [this.owner.current, this.of(conversationId).current];
    const plan = planOf(modelId, { ...(model && { model }), owner, conversation, request: { parameters } });
    return model?.canContinue === false ? { ...plan, start: '' } : plan;
  }

  /** Takes what the server says of a conversation. */
  load({ id, settings }: Pick<Conversation, 'id' | 'settings'>): void {
    const entry = this.entry(id);
    entry.isStored = true;
    entry.settings.receive(settings);
  }

  onEvent(event: OwnerEvent): void {
    if (event.type === 'settings-changed') this.owner.receive(event.settings);
    if (event.type === 'conversation-settings-changed')
      this.conversations.get(event.conversationId)?.settings.receive(event.settings);
  }

  /** After a break in the stream of events. */
  async refresh(): Promise<void> {
    this.owner.receive(await this.api.getSettings());
  }

  /** Sends what waits, before the page may go. */
  flush(): void {
    void this.owner.flush();
    for (const { settings } of this.conversations.values()) void settings.flush();
  }

  /** The API as conversations use it: what is made takes its settings along, and what is opened brings them. */
  around(api: Api): Api {
    return {
      ...api,
      createConversation: (body) => this.make(api, body),
      openConversation: async (id) => {
        const opened = await api.openConversation(id);
        this.load(opened.conversation);
        return opened;
      },
    };
  }

  private async make(api: Api, body: Parameters<Api['createConversation']>[0]): Promise<Conversation> {
    const entry = this.entry(body.id);
    const making = api.createConversation({ ...body, settings: entry.settings.current });
    entry.making = making;
    const made = await making;
    this.load(made);
    return made;
  }

  private entry(conversationId: string): ConversationEntry {
    const entry = this.conversations.get(conversationId) ?? new ConversationEntry(conversationId, this.api);
    this.conversations.set(conversationId, entry);
    return entry;
  }
}
