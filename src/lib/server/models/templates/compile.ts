import { AppError } from '../../../domain/errors';
import type { CompiledTemplate } from './compiled-template';
import { compileHandlebars } from './handlebars';
import { compileJinja } from './jinja';

const compilers = {
  jinja: { compile: compileJinja, language: 'Jinja' },
  handlebars: { compile: compileHandlebars, language: 'Handlebars' },
};

/** Throws `config-invalid` with what the parser says of a text that is no template. */
export function compileTemplate(kind: keyof typeof compilers, source: string): CompiledTemplate {
  const { compile, language } = compilers[kind];
  try {
    return compile(source);
  } catch (cause) {
    throw new AppError(
      'config-invalid',
      `The chat template of the model cannot be read as ${language}: ${wordsOf(cause)}`,
      { cause },
    );
  }
}

/** What a library says of a template: its first line, in so many words. */
export function wordsOf(thrown: unknown): string {
  const words = thrown instanceof Error ? thrown.message : String(thrown);
  const line = words.split('\n')[0]?.trim() ?? '';
  return line.length > longest ? `${line.slice(0, longest)}…` : line;
}

const longest = 300;
