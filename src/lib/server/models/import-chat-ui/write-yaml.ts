import { Document, isMap, isSeq, type YAMLSeq } from 'yaml';
import type { MappedModel } from './map-model';
import type { ImportNote, Report, VariableToSet } from './report';

interface FileOfModels {
  servers: object[];
  models: MappedModel[];
}

/** The file of models as YAML. What people must know of a model stands above it. */
export function writeYaml(
  { servers, models }: FileOfModels,
  report: Report,
  toSet: readonly VariableToSet[],
): string {
  const content = { ...(servers.length > 0 && { servers }), ...(models.length > 0 && { models }) };
  const names = toSet
    .filter(({ isReference }) => isReference)
    .map(({ name }) => name)
    .join(', ');
  const document = new Document(content, { aliasDuplicateObjects: false });
  document.commentBefore = commentOf([
    'Models of Parlance, made from the .env.local of chat-ui. Set MODELS_FILE to the path of this file.',
    ...(names === '' ? [] : [`It needs these variables: ${names}.`]),
  ]);
  const list = document.get('models');
  if (isSeq(list)) commentItems(list, models, report);
  return document.toString({ lineWidth: 0 });
}

function commentItems(list: YAMLSeq, models: MappedModel[], report: Report): void {
  for (const [index, item] of list.items.entries()) {
    if (!isMap(item)) continue;
    item.commentBefore = commentOf(report.notesOf(models[index]?.id ?? '').map(lineOf)) || null;
    if (index > 0) item.spaceBefore = true;
  }
}

function lineOf({ field, why }: ImportNote): string {
  return field === undefined ? why : `${field}: ${why}`;
}

function commentOf(lines: string[]): string {
  return lines.map((line) => ` ${line.replaceAll(/\s+/gu, ' ')}`).join('\n');
}
