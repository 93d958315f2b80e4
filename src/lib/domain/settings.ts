import { parameterNames, type GenerationParameters, type ParameterName } from './parameters';

/** Longest system prompt, in characters. */
export const maxSystemPromptLength = 100_000;

/** What somebody set for answers; what is absent comes from below. */
export interface Settings {
  /** Empty is not the same as absent: it takes away the one from below. */
  systemPrompt?: string;
  parameters?: GenerationParameters;
}

/** `null` takes a value away, what is absent stays. */
export type ParameterChanges = { [N in ParameterName]?: GenerationParameters[N] | null };

/** Changes by key: `null` takes a value away, what is absent stays. So a stale page overwrites nothing but what it changed. */
export interface SettingsChanges {
  systemPrompt?: string | null;
  parameters?: ParameterChanges;
}

/** Where a value may come from. A later one goes over an earlier one. */
export const settingsSources = ['model', 'owner', 'conversation', 'request'] as const;
export type SettingsSource = (typeof settingsSources)[number];
export type SettingsLayers = Partial<Record<SettingsSource, Settings>>;
export type SettingName = 'systemPrompt' | ParameterName;

export interface ResolvedSettings {
  systemPrompt: string | undefined;
  parameters: GenerationParameters;
  /** Which layer each value is of; absent: none of them sets it. */
  sources: Partial<Record<SettingName, SettingsSource>>;
}

/** What counts: the model's own, under the owner's defaults, under the conversation's, under those of the request. */
export function resolveSettings(layers: SettingsLayers): ResolvedSettings {
  const resolved: ResolvedSettings = { systemPrompt: undefined, parameters: {}, sources: {} };
  for (const source of settingsSources) {
    const { systemPrompt, parameters = {} } = layers[source] ?? {};
    if (systemPrompt !== undefined) {
      resolved.systemPrompt = systemPrompt;
      resolved.sources.systemPrompt = source;
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
export function applySettingsChanges(settings: Settings, changes: SettingsChanges): Settings {
  const systemPrompt = changes.systemPrompt === undefined ? settings.systemPrompt : changes.systemPrompt;
  const parameters = withoutNothing({ ...settings.parameters, ...withoutUndefined(changes.parameters) });
  return {
    ...(typeof systemPrompt === 'string' && { systemPrompt }),
    ...(Object.keys(parameters).length > 0 && { parameters }),
  };
}

/** Both changes as one, the later ones over the earlier. */
export function joinSettingsChanges(earlier: SettingsChanges, later: SettingsChanges): SettingsChanges {
  const parameters = { ...earlier.parameters, ...withoutUndefined(later.parameters) };
  const systemPrompt = later.systemPrompt === undefined ? earlier.systemPrompt : later.systemPrompt;
  return {
    ...(systemPrompt !== undefined && { systemPrompt }),
    ...(Object.keys(parameters).length > 0 && { parameters }),
  };
}

/** The changes that take away everything that is set. */
export function clearingChanges({ systemPrompt, parameters = {} }: Settings): SettingsChanges {
  const names = parameterNames.filter((name) => parameters[name] !== undefined);
  return {
    ...(systemPrompt !== undefined && { systemPrompt: null }),
    ...(names.length > 0 && { parameters: Object.fromEntries(names.map((name) => [name, null])) }),
  };
}

function withoutUndefined(changes: ParameterChanges = {}): ParameterChanges {
  return Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
}

function withoutNothing(changes: ParameterChanges): GenerationParameters {
  return Object.fromEntries(
    Object.entries(changes).filter(([, value]) => value !== undefined && value !== null),
  );
}
