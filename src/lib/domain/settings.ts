import { parameterNames, type GenerationParameters, type ParameterName } from './parameters';

/** Longest system prompt, in characters. */
export const maxSystemPromptLength = 100_000;
/** Longest given start of an answer, in characters. */
export const maxAnswerStartLength = 20_000;
/** Longest name of a task, in characters. */
export const maxTaskLength = 200;

/** What is set for answers besides the parameters of generation. */
interface SettingValues {
  /** Empty is not the same as absent: it takes away the one from below. */
  systemPrompt?: string;
  /** Text that every answer starts with; the page gives it as the `prefix` of a reply. Empty takes away the one from below. */
  answerStart?: string;
  /** Raw completion: the model reads the texts of the path one after the other, without system prompt and chat template. */
  isRaw?: boolean;
  /** Of new conversations, by its id; of an owner's defaults alone. */
  defaultModelId?: string;
  /** What a model that turns one text into another does, one of its choices (`text2text`); others pass it over. */
  task?: string;
}
const valueNames = [
  'systemPrompt',
  'answerStart',
  'isRaw',
  'defaultModelId',
  'task',
] as const satisfies (keyof SettingValues)[];

/** What somebody set for answers; what is absent comes from below. */
export interface Settings extends SettingValues {
  parameters?: GenerationParameters;
}

/** `null` takes a value away, what is absent stays. */
export type ParameterChanges = { [N in ParameterName]?: GenerationParameters[N] | null };

/** Changes by key: `null` takes a value away, what is absent stays. So a stale page overwrites nothing but what it changed. */
export type SettingsChanges = { [N in keyof SettingValues]?: SettingValues[N] | null } & {
  parameters?: ParameterChanges;
};

/** Where a value may come from. A later one goes over an earlier one. */
export const settingsSources = ['model', 'owner', 'conversation', 'request'] as const;
export type SettingsSource = (typeof settingsSources)[number];
export type SettingsLayers = Partial<Record<SettingsSource, Settings>>;
export type SettingName = keyof SettingValues | ParameterName;

export interface ResolvedSettings extends SettingValues {
  parameters: GenerationParameters;
  /** Which layer each value is of; absent: none of them sets it. */
  sources: Partial<Record<SettingName, SettingsSource>>;
}

/** What counts: the model's own, under the owner's defaults, under the conversation's, under those of the request. */
export function resolveSettings(layers: SettingsLayers): ResolvedSettings {
  const resolved: ResolvedSettings = { parameters: {}, sources: {} };
  for (const source of settingsSources) {
    const { parameters = {}, ...values } = layers[source] ?? {};
    for (const name of valueNames) {
      if (values[name] === undefined) continue;
      Object.assign(resolved, { [name]: values[name] });
      resolved.sources[name] = source;
    }
    for (const name of parameterNames) {
      if (parameters[name] === undefined) continue;
      resolved.parameters = { ...resolved.parameters, [name]: parameters[name] };
      resolved.sources[name] = source;
    }
  }
  return resolved;
}

/** `settings` with the changes made. Without values left there are no empty parameters. */
export function applySettingsChanges(
  { parameters: set, ...values }: Settings,
  { parameters: changed, ...others }: SettingsChanges,
): Settings {
  const parameters: GenerationParameters = withoutNothing({ ...set, ...withoutUndefined(changed) });
  return {
    ...withoutNothing({ ...values, ...withoutUndefined(others) }),
    ...(Object.keys(parameters).length > 0 && { parameters }),
  };
}

/** Both changes as one, the later ones over the earlier. */
export function joinSettingsChanges(
  { parameters: first, ...values }: SettingsChanges,
  { parameters: then, ...others }: SettingsChanges,
): SettingsChanges {
  const parameters = { ...first, ...withoutUndefined(then) };
  return {
    ...withoutUndefined(values),
    ...withoutUndefined(others),
    ...(Object.keys(parameters).length > 0 && { parameters }),
  };
}

/** The changes that take away everything that is set. */
export function clearingChanges({ parameters = {}, ...values }: Settings): SettingsChanges {
  const names = parameterNames.filter((name) => parameters[name] !== undefined);
  const set = valueNames.filter((name) => values[name] !== undefined);
  return {
    ...Object.fromEntries(set.map((name) => [name, null])),
    ...(names.length > 0 && { parameters: Object.fromEntries(names.map((name) => [name, null])) }),
  };
}

/** Whether these changes change nothing. */
export function areNoChanges({ parameters = {}, ...values }: SettingsChanges): boolean {
  return Object.keys(parameters).length === 0 && Object.keys(withoutUndefined(values)).length === 0;
}

function withoutUndefined<T extends object>(changes: T | undefined): Partial<T> {
  return Object.fromEntries(
    Object.entries(changes ?? {}).filter(([, value]) => value !== undefined),
  ) as Partial<T>;
}

function withoutNothing<T extends object>(changes: T): { [N in keyof T]?: NonNullable<T[N]> } {
  return Object.fromEntries(
    Object.entries(changes).filter(([, value]) => value !== undefined && value !== null),
  ) as { [N in keyof T]?: NonNullable<T[N]> };
}
