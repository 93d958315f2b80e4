import type { ModelOrigin, ModelSummary } from '../../domain/model-summary';

/** Models of one provider, under its name. */
export interface ModelGroup {
  label: string;
  models: ModelSummary[];
}

/** With more models than this, people look for one by its name. */
export const searchFrom = 9;

const originWords: Record<ModelOrigin, string> = {
  local: 'On this server',
  listed: 'Other models',
  discovered: 'Found on other servers',
  connected: 'Connected here',
};

/** Whose the model is, for people: the heading over it in lists. */
export function providerWords({ provider, origin }: Pick<ModelSummary, 'provider' | 'origin'>): string {
  return provider ?? originWords[origin];
}

/** In the order in which each provider comes first. */
export function groupModels(models: readonly ModelSummary[]): ModelGroup[] {
  const groups = new Map<string, ModelSummary[]>();
  for (const model of models) {
    const label = providerWords(model);
    groups.set(label, [...(groups.get(label) ?? []), model]);
  }
  return [...groups].map(([label, members]) => ({ label, models: members }));
}

/** Those that have each typed word somewhere: in name, id, description, provider or in what they can do. */
export function matchModels(models: readonly ModelSummary[], typed: string): ModelSummary[] {
  const words = typed.toLowerCase().split(/\s+/u).filter(Boolean);
  return models.filter((model) => {
    const { id, name, description } = model;
    const text = [name, id, description, providerWords(model), ...capabilityWords(model)]
      .join(' ')
      .toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

/** The place of the next model whose name begins with what was typed, after the one at `at`; `undefined`: none. */
export function typedAhead(models: readonly ModelSummary[], at: number, typed: string): number | undefined {
  const wanted = typed.toLowerCase();
  // A letter alone goes on from one to the next; with more letters the one that is there may stay.
  const first = wanted.length === 1 ? at + 1 : Math.max(at, 0);
  const places = models.map((_, index) => (first + index) % models.length);
  return places.find((index) => models[index]?.name.toLowerCase().startsWith(wanted));
}

/** What a model can do besides answering, a word or two each. */
export function capabilityWords({ capabilities }: Pick<ModelSummary, 'capabilities'>): string[] {
  const { images, reasoning, tools, completion, fillInTheMiddle, text2text } = capabilities;
  return [
    text2text?.name,
    images && 'Images',
    reasoning && 'Reasoning',
    tools && 'Tools',
    completion && 'Completion',
    fillInTheMiddle && 'Fill in the middle',
  ].filter((word) => typeof word === 'string');
}

/** Of those, what matters to whoever writes a message. */
export function chatWords({ capabilities }: Pick<ModelSummary, 'capabilities'>): string[] {
  return capabilityWords({ capabilities: { ...capabilities, completion: false, fillInTheMiddle: false } });
}

/** "4,096 tokens", or "128k tokens" where the exact figure tells nobody more. */
export function contextWords(tokens: number): string {
  if (tokens < 10_000) return `${tokens.toLocaleString('en')} tokens`;
  const [size, unit] = tokens < 1_000_000 ? [tokens / 1000, 'k'] : [tokens / 1_000_000, 'M'];
  const rounded = size < 10 ? Math.round(size * 10) / 10 : Math.round(size);
  return `${String(rounded)}${unit} tokens`;
}

/** Why a model does not answer at once; `undefined`: it does. */
export function stateWords({ availability }: Pick<ModelSummary, 'availability'>): string | undefined {
  if (availability.state === 'loading') return 'Loading';
  return availability.state === 'unavailable' ? 'Not available' : undefined;
}

/** A name for a model of which only the id is left. */
export function nameOfId(id: string): string {
  return id.split('/').filter(Boolean).at(-1) ?? id;
}

/** The letter that stands for a model without a picture. */
export function letterOf(name: string): string {
  return /[\p{L}\p{N}]/u.exec(name)?.[0].toUpperCase() ?? '?';
}

/** The first sentence, or what there is of it on one line. */
export function firstSentence(text: string): string {
  return /^.*?[.!?](?=\s|$)/su.exec(text)?.[0] ?? text;
}
