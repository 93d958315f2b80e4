import type { StartReplies } from '../domain/requests';
import type { Api } from './api';

export interface RecordOptions {
  api: Api;
  /** Which model answers for one that may be here no more; `undefined`: none. Absent: each for itself. */
  standIn?: (modelId: string) => string | undefined;
  /** A message was taken, so the conversation has an address now. */
  onStarted?: (id: string) => void;
}

/** What the server keeps of a conversation besides its messages: that it is made, and its model. */
export class ConversationRecord {
  /** As it was chosen; what it names may be here no more. Empty: nobody has. */
  chosenModelId = $state.raw('');
  private choosing = 0;

  constructor(
    readonly id: string,
    private isNew: boolean,
    private readonly options: RecordOptions,
  ) {}

  /** Whether the server has it. */
  get isMade(): boolean {
    return !this.isNew;
  }

  /** What answers next. */
  get modelId(): string {
    const { standIn } = this.options;
    return standIn?.(this.chosenModelId) ?? this.chosenModelId;
  }

  /** Takes what the server says. What is just being chosen here comes after it. */
  receive(modelId: string): void {
    this.isNew = false;
    if (this.choosing === 0) this.chosenModelId = modelId;
  }

  /** Counts at once. Goes back when it cannot be kept, and throws then. */
  async chooseModel(modelId: string): Promise<void> {
    const former = this.chosenModelId;
    this.chosenModelId = modelId;
    this.choosing += 1;
    try {
      if (!this.isNew) await this.keepModel();
    } catch (thrown) {
      if (this.chosenModelId === modelId) this.chosenModelId = former;
      throw thrown;
    } finally {
      this.choosing -= 1;
    }
  }

  /** A model that stands in for one that is gone has answered: the conversation is with it from now on. */
  async settleModel(answeredBy: readonly string[]): Promise<void> {
    const { modelId } = this;
    if (modelId !== this.chosenModelId && answeredBy.includes(modelId)) await this.chooseModel(modelId);
  }

  /** Starts answers, and makes the conversation before the first. Resolves to the stream of the runs. */
  async submit(request: StartReplies): Promise<ReadableStream<Uint8Array>> {
    const { api, onStarted } = this.options;
    if (this.isNew) {
      const { modelId } = this;
      await api.createConversation({ id: this.id, modelId });
      this.isNew = false;
      // It is with this one from now on, whatever else becomes the default.
      this.chosenModelId ||= modelId;
      // Chosen while it was being made.
      if (modelId !== this.modelId) await this.keepModel();
    }
    const body = await api.startReplies(this.id, request);
    // Only now: a first message that is refused goes back into the composer of the page that it came from.
    onStarted?.(this.id);
    return body;
  }

  private async keepModel(): Promise<void> {
    await this.options.api.updateConversation(this.id, { modelId: this.chosenModelId });
  }
}
