import { parse } from 'yaml';
import { importChatUi } from '../import-chat-ui';

type File = { servers?: unknown[]; models?: Record<string, unknown>[] };

/** Imports a text, and reads the result again. */
export function imported(text: string) {
  const result = importChatUi(text);
  const file = parse(result.yaml) as File;
  const notes = result.notes.map(({ subject, field }) => [subject, field].filter(Boolean).join(' '));
  return { ...result, notes, file, models: file.models ?? [] };
}

/** One model as a variable of chat-ui has it. */
export const model = (entry: object, rest = '') => imported(`MODELS=\`${JSON.stringify([entry])}\`\n${rest}`);
