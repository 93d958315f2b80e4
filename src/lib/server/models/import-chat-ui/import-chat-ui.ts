import JSON5 from 'json5';
import { readEnvFile, readList, type Variables } from './env-file';
import { Fields } from './fields';
import { mapModel, type MappedModel, type ModelContext } from './map-model';
import { mapVariables } from './map-variables';
import { Report, type ImportNote, type VariableToSet } from './report';
import { openAiKeys, Secrets } from './secrets';
import { writeYaml } from './write-yaml';

export interface ImportResult {
  /** A file for `MODELS_FILE`. */
  yaml: string;
  models: number;
  servers: number;
  /** What has no equal here, and what was decided. */
  notes: ImportNote[];
  /** For the environment, or `.env`. */
  toSet: VariableToSet[];
}

/**
 * Makes a file of models of the `.env.local` of chat-ui, from version 0.3 to that of today. Nothing is fetched and no
 * unknown field makes it fail: what cannot be taken over is in the notes. No key of the file is in the result.
 */
export function importChatUi(text: string): ImportResult {
  const variables = readEnvFile(text);
  const report = new Report();
  const secrets = new Secrets(variables, report);
  const baseUrl = variables.OPENAI_BASE_URL?.replace(/\/+$/u, '');
  const context: ModelContext = { secrets, report, baseUrl, ids: new Map() };
  const listed = readList(variables, 'MODELS', report).flatMap((entry) => mapModel(entry, context) ?? []);
  const models = withoutRepeated([...listed, ...taskModel(variables, context)], report);
  models.push(...retired(readList(variables, 'OLD_MODELS', report), models, context));
  const servers = baseUrl === undefined ? [] : [server(baseUrl, secrets)];
  mapVariables(variables, report);
  const content = { servers, models };
  const toSet = report.toSetFor(content);
  return {
    yaml: writeYaml(content, report, toSet),
    models: models.length,
    servers: servers.length,
    notes: report.notes,
    toSet,
  };
}

function server(baseUrl: string, secrets: Secrets) {
  const apiKey = secrets.ofVariable(...openAiKeys);
  return { url: secrets.address(baseUrl, 'OPENAI_BASE_URL'), ...(apiKey !== undefined && { apiKey }) };
}

/** `TASK_MODEL` is the name of a model, or an entry of its own. */
function taskModel(variables: Variables, context: ModelContext): MappedModel[] {
  const text = variables.TASK_MODEL;
  if (text === undefined) return [];
  const why = 'The model that writes titles.';
  if (!text.startsWith('{')) {
    context.report.set({ name: 'TASK_MODEL', value: context.ids.get(text) ?? text, why });
    return [];
  }
  try {
    const model = mapModel(JSON5.parse(text), context);
    if (!model) return [];
    context.report.set({ name: 'TASK_MODEL', value: model.id, why });
    return [{ ...model, unlisted: true }];
  } catch {
    context.report.note('TASK_MODEL', '', 'It cannot be read, and was left out.');
    return [];
  }
}

/** Two entries cannot have one id; the first counts, as it did in chat-ui. */
function withoutRepeated(models: MappedModel[], report: Report): MappedModel[] {
  const ids = models.map(({ id }) => id);
  return models.filter(({ id }, index) => {
    const isFirst = ids.indexOf(id) === index;
    if (!isFirst) report.note(id, 'id', 'Another model has this id already; this one was left out.');
    return isFirst;
  });
}

/** Models whose conversations go on with another. */
function retired(
  entries: unknown[],
  models: readonly MappedModel[],
  { report, ids }: ModelContext,
): MappedModel[] {
  const taken = new Set(models.map(({ id }) => id));
  return entries.flatMap((value): MappedModel[] => {
    const entry = Fields.of(value);
    const id = entry.text('id', 'name');
    if (id === undefined || taken.has(id)) return [];
    taken.add(id);
    const name = entry.text('displayName');
    const other = entry.text('transferTo');
    const given = other === undefined ? undefined : (ids.get(other) ?? other);
    entry.any('name');
    for (const field of entry.unused())
      report.note(id, field, 'A model that answers no more has no such setting.');
    const replacedBy = given ?? models[0]?.id;
    if (replacedBy === undefined || replacedBy === id) {
      report.note(
        id,
        'transferTo',
        'There is no model that its conversations could go on with; it was left out.',
      );
      return [];
    }
    if (given === undefined)
      report.note(id, 'transferTo', `It named no other model; its conversations go on with ${replacedBy}.`);
    return [{ id, ...(name !== undefined && { name }), replacedBy }];
  });
}
