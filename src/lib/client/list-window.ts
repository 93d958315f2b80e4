import type { ConversationSummary } from '../domain/conversation';
import type { ListGroup } from './listed';

/** So few lines are drawn all. */
export const drawnAll = 200;
/** Lines that are drawn above and below what is in view; the window moves by half of them. */
const margin = 20;

/** The part of a group that is drawn. */
export interface DrawnGroup {
  label: string;
  hasHeading: boolean;
  conversations: readonly ConversationSummary[];
  /** The place of the first one in its group. */
  from: number;
  /** Of the whole group. */
  size: number;
}

/** What is drawn of the list, and how many lines are left free above and below. Headings are lines as rows are. */
export interface ListWindow {
  above: number;
  groups: DrawnGroup[];
  below: number;
}

/** The first line of the window for a view that begins at line `top`: it changes only with every few lines. */
export function windowStart(top: number): number {
  const step = margin / 2;
  return Math.max(0, Math.floor(top / step) * step - margin);
}

/** The lines from `start` on that a view of `height` lines needs. */
export function windowOf(groups: readonly ListGroup[], start: number, height: number): ListWindow {
  const total = groups.reduce((lines, { conversations }) => lines + conversations.length + 1, 0);
  const [first, end] = total <= drawnAll ? [0, total] : [start, start + height + 3 * margin];
  const drawn: DrawnGroup[] = [];
  let line = 0;
  for (const { label, conversations } of groups) {
    const [from, to] = [first - line - 1, end - line - 1];
    const hasHeading = line >= first && line < end;
    const shown = conversations.slice(Math.max(0, from), Math.max(0, to));
    if (hasHeading || shown.length > 0) {
      drawn.push({
        label,
        hasHeading,
        conversations: shown,
        from: Math.max(0, from),
        size: conversations.length,
      });
    }
    line += conversations.length + 1;
  }
  return { above: Math.min(first, total), groups: drawn, below: Math.max(0, total - end) };
}
