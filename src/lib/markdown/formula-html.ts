import type { Formula } from './maths';
import { escapeHtml } from './links';

/** A formula as its source, which `view/formulas.ts` replaces by its picture. */
export function formulaHtml({ tex, isDisplay }: Pick<Formula, 'tex' | 'isDisplay'>): string {
  return `<span class="formula" data-formula="${isDisplay ? 'display' : 'inline'}">${escapeHtml(tex.trim())}</span>`;
}
