import { addressOf, keyOf, sourceOf } from '../../client/search-words';
import type { ConversationSummary } from '../../domain/conversation';
import type { TextPiece } from '../../domain/search-excerpt';
import type { SearchHit } from '../../domain/search-hit';
import type { Command } from './commands';

/** A line of the palette. */
export interface Option {
  key: string;
  kind: 'command' | 'conversation' | 'message';
  label: readonly TextPiece[];
  /** Under the label, for a message. */
  excerpt?: readonly TextPiece[];
  note?: string;
  command?: Command;
  address?: string;
}

export interface OptionGroup {
  label: string;
  options: Option[];
}

const plain = (text: string): TextPiece[] => [{ text, isHit: false }];

export function commandOption(command: Command): Option {
  return { key: `command-${command.id}`, kind: 'command', label: plain(command.label), command };
}

export function recentOption({ id, title }: ConversationSummary): Option {
  return { key: id, kind: 'conversation', label: plain(title || 'New chat'), address: `/conversation/${id}` };
}

export function hitOption(hit: SearchHit, now: Date): Option {
  return {
    key: keyOf(hit),
    kind: hit.message ? 'message' : 'conversation',
    label: hit.title,
    ...(hit.message && { excerpt: hit.message.excerpt }),
    note: sourceOf(hit, now),
    address: addressOf(hit),
  };
}

/** Without those that have nothing. */
export function groupOptions(groups: OptionGroup[]): OptionGroup[] {
  return groups.filter(({ options }) => options.length > 0);
}
