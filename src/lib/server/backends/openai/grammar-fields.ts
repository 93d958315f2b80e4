import type { Grammar } from '../../../domain/parameters';
import { tgiGrammar } from '../tgi/guided';
import type { Dialect } from './dialect';

/** How guided output is said; `undefined` where a server has no way to say it. */
export function grammarFields(
  grammar: Grammar,
  dialect: Dialect['grammar'],
  hasGuidedFields = false,
): Record<string, unknown> | undefined {
  if (dialect === 'tgi') {
    // It has `value` where others have `json_schema`, and takes the same as on its own routes.
    const guide = tgiGrammar(grammar);
    return guide && { response_format: guide };
  }
  // Of types it knows `json_object` alone, with the schema beside it.
  if (dialect === 'llama-cpp-python' && grammar.type === 'json')
    return { response_format: { type: 'json_object', ...schemaOf(grammar.value) } };
  if (grammar.type === 'json') return { response_format: responseFormat(grammar.value) };
  if (dialect === 'vllm') {
    // Until 0.10 each kind was a field of its own.
    return hasGuidedFields
      ? { [`guided_${grammar.type}`]: grammar.value }
      : { structured_outputs: { [grammar.type]: grammar.value } };
  }
  if ((dialect === 'llama.cpp' || dialect === 'llama-cpp-python') && grammar.type === 'choice')
    return { grammar: `root ::= ${grammar.value.map((text) => JSON.stringify(text)).join(' | ')}` };
  return undefined;
}

/** A schema that allows everything is no schema. */
function schemaOf(schema: Record<string, unknown> | boolean): { schema?: Record<string, unknown> } {
  return typeof schema === 'boolean' || Object.keys(schema).length === 0 ? {} : { schema };
}

function responseFormat(given: Record<string, unknown> | boolean): object {
  const { schema } = schemaOf(given);
  if (!schema) return { type: 'json_object' };
  return { type: 'json_schema', json_schema: { name: 'answer', schema, strict: true } };
}
