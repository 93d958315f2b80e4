import { AppError } from '../../domain/errors';
import type { Generation } from '../../domain/generation';
import type { Message } from '../../domain/message';
import { pathTo } from '../../domain/message-tree';
import { partsOf, type Part } from '../../domain/parts';
import type { ExactPrompt, GenerationDetails, Measure } from '../../domain/prompt';
import type { MeasureRequest } from '../../domain/requests';
import type { ModelRegistry } from '../models/registry';
import type { Model, RenderedAgain, SettingsOverModel } from '../models/model';
import type { Storage } from '../storage/storage';

/** Paths are as large as conversations, so only a few are kept. */
const rememberedPaths = 8;

/** What models read: of runs that were, and of a message that is being written. */
export class Prompts {
  /** Of conversations that somebody is writing in: whoever types is not to read them again at each pause. */
  private readonly paths = new Map<string, Message[]>();

  constructor(
    private readonly storage: Storage,
    private readonly models: ModelRegistry,
  ) {}

  /** A run, without what is the server's own business. */
  async details(owner: string, generationId: string): Promise<GenerationDetails> {
    const {
      prompt,
      parameters,
      processId: _p,
      requestHash: _r,
      prefix: _t,
      messageIds: _m,
      ...generation
    } = await this.storage.generations.get(owner, generationId);
    const { systemPrompt, isRaw } = prompt ?? {};
    return {
      ...generation,
      parameters: prompt?.parameters ?? parameters,
      ...(systemPrompt !== undefined && { systemPrompt }),
      ...(isRaw && { isRaw }),
    };
  }

  /** The prompt of a run, rendered from what is stored and checked against the hash of what the backend was given. */
  async exact(owner: string, generationId: string): Promise<ExactPrompt> {
    const generation = await this.storage.generations.get(owner, generationId);
    const { prompt: record, prefix } = generation;
    if (!record) return { state: 'unknown' };
    const path = await this.pathOf(owner, generation);
    if (!path) return { state: 'gone', what: 'messages' };
    const again = await this.renderAgain(generation, (model) => model.renderAgain({ path, prefix, record }));
    if (!again) return { state: 'gone', what: 'model' };
    return { state: again.isSame ? 'same' : 'changed', prompt: again.prompt };
  }

  /** How much of the model's context a message would use, by the same code that makes the prompt of a run. */
  async measure(owner: string, request: MeasureRequest): Promise<Measure> {
    const { conversationId, parentId, text, imageCount = 0, modelId } = request;
    const model = this.models.get(modelId, owner);
    const [defaults, conversation] = await Promise.all([
      this.storage.settings.get(owner),
      conversationId === undefined ? undefined : this.storage.conversations.get(owner, conversationId),
    ]);
    const settings: SettingsOverModel = {
      owner: defaults,
      conversation: conversation?.settings ?? request.settings ?? {},
    };
    const before =
      conversation && parentId !== null ? await this.pathTo(owner, conversation.id, parentId) : [];
    if (parentId !== null && before.length === 0)
      throw new AppError('not-found', 'The message to answer is not there.');
    const path = [...before, draft(text, imageCount, parentId)];
    return model.measure({ path, settings });
  }

  /** The caller has seen that the conversation is the owner's. A path never changes once its messages have ended. */
  private async pathTo(owner: string, conversationId: string, leafId: string): Promise<Message[]> {
    const key = `${conversationId}/${leafId}`;
    const known = this.paths.get(key);
    if (known) return known;
    const path = pathTo((await this.storage.conversations.open(owner, conversationId)).messages, leafId);
    const oldest = this.paths.size >= rememberedPaths && this.paths.keys().next().value;
    if (typeof oldest === 'string') this.paths.delete(oldest);
    if (path.length > 0 && path.every(({ status }) => status !== 'running')) this.paths.set(key, path);
    return path;
  }

  /** The messages that the run answered; `undefined` when one of them is gone. */
  private async pathOf(owner: string, generation: Generation): Promise<Message[] | undefined> {
    const { messages } = await this.storage.conversations.open(owner, generation.conversationId);
    const answer = messages.find(({ id }) => generation.messageIds.includes(id));
    const path = pathTo(messages, answer?.parentId ?? null);
    return path[0]?.parentId === null ? path : undefined;
  }

  /** `undefined` when the model is no longer configured, or its files cannot be read. */
  private async renderAgain(
    { modelId }: Generation,
    render: (model: Model) => Promise<RenderedAgain>,
  ): Promise<RenderedAgain | undefined> {
    try {
      return await render(this.models.get(modelId));
    } catch (thrown) {
      const isGone =
        thrown instanceof AppError && (thrown.code === 'not-found' || thrown.code === 'model-unavailable');
      if (isGone) return undefined;
      throw thrown;
    }
  }
}

/** A message that is not sent. */
function draft(text: string, imageCount: number, parentId: string | null): Message {
  // Of a kind that every model that sees takes.
  const image: Part = { type: 'file', fileId: '', name: '', mime: 'image/jpeg' };
  return {
    id: '',
    conversationId: '',
    parentId,
    role: 'user',
    parts: [...Array.from({ length: imageCount }, () => image), ...partsOf(text)],
    origin: 'user',
    status: 'complete',
    createdAt: new Date(),
  };
}
