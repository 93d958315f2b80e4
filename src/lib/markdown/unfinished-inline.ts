import { closersOf, openRun, type Run } from './emphasis-runs';
import { readFormula } from './maths';
import { readBracket } from './unfinished-bracket';
import { mayBecomeFormula } from './unfinished-formula';

/** What the scanner does next: takes so many characters as they are, drops them, or ends the text here. */
type Step = { take: number } | { drop: number } | { end: string };

/**
 * A line of text that goes on, as it is to be shown now: open emphasis and code are closed, markers of an open link are
 * left out, and an end that the next character decides about is held back.
 */
export function completeInline(text: string): string {
  if (/^\[[ xX]?\]?$/u.test(text)) return '';
  const runs: Run[] = [];
  let shown = '';
  for (let index = 0; index < text.length;) {
    const step = nextStep(text, index, shown, runs);
    if ('end' in step) return closed(shown + step.end, runs);
    if ('take' in step) {
      shown += text.slice(index, index + step.take);
      index += step.take;
    } else index += step.drop;
  }
  return closed(shown, runs);
}

function nextStep(text: string, index: number, shown: string, runs: Run[]): Step {
  const rest = text.slice(index);
  switch (text.charAt(index)) {
    case '\\':
      return afterBackslash(rest);
    case '`':
      return codeSpan(rest);
    case '$':
      return dollar(rest, text.charAt(index - 1));
    case '[':
      return readBracket(rest, 0);
    case '!':
      if (rest.startsWith('![')) return readBracket(rest, 1);
      return rest === '!' ? { end: '' } : { take: 1 };
    case '<':
      return angle(rest);
    case '&':
      return /^&#?\w{0,31}$/u.test(rest) ? { end: '' } : { take: 1 };
    case '*':
    case '_':
    case '~':
      return emphasis(rest, text.charAt(index - 1), shown.length, runs);
    case 'h':
    case 'w':
      return { take: /^(?:https?:\/\/|www\.)[^\s<*]*/u.exec(rest)?.[0].length ?? 1 };
    default:
      return { take: /^[^\\`$[!<&*_~hw]+/u.exec(rest)?.[0].length ?? 1 };
  }
}

function afterBackslash(rest: string): Step {
  if (rest.length === 1) return { end: '' };
  const formula = readFormula(rest);
  if (formula) return { take: formula.raw.length };
  return /^\\[([]/u.test(rest) && rest.length < 2000 ? { end: '' } : { take: 2 };
}

function codeSpan(rest: string): Step {
  const fence = /^`+/u.exec(rest)?.[0] ?? '`';
  const closing = new RegExp(`(?<!\`)${fence}(?!\`)`, 'u').exec(rest.slice(fence.length));
  if (closing) return { take: fence.length + closing.index + fence.length };
  const code = rest.slice(fence.length).replace(/`+$/u, '').trimEnd();
  return { end: code.trim() === '' ? '' : `${fence}${code}${code.endsWith('`') ? ' ' : ''}${fence}` };
}

function dollar(rest: string, before: string): Step {
  const formula = readFormula(rest, before);
  if (formula) {
    // A digit after the last `$` would make it money.
    const isDecided = formula.isDisplay || formula.raw.length < rest.length;
    return isDecided ? { take: formula.raw.length } : { end: '' };
  }
  return mayBecomeFormula(rest, before) ? { end: '' } : { take: rest.startsWith('$$') ? 2 : 1 };
}

function angle(rest: string): Step {
  const tag = /^<[^<>\s][^<>]*>/u.exec(rest)?.[0];
  if (tag !== undefined) return { take: tag.length };
  if (/^<(?:https?:|mailto:)/u.test(rest)) return { drop: 1 };
  return /^<[/!?A-Za-z]?[^<>\s]{0,60} ?\/?$/u.test(rest) ? { end: '' } : { take: 1 };
}

function emphasis(rest: string, before: string, position: number, runs: Run[]): Step {
  const run = /^(?:\*+|_+|~+)/u.exec(rest)?.[0] ?? '';
  // At the very end nobody knows yet whether it opens, closes, or is one of several.
  if (run.length === rest.length) return { end: '' };
  openRun(run, before, rest.charAt(run.length), position, runs);
  return { take: run.length };
}

/** The text with what is open closed; a marker that has nothing after it is left out. */
function closed(text: string, runs: Run[]): string {
  let shown = text.trimEnd();
  for (let last = runs.at(-1); last && last.position + last.length >= shown.length; last = runs.at(-1)) {
    shown = shown.slice(0, last.position).trimEnd();
    runs.pop();
  }
  return shown + closersOf(runs);
}
