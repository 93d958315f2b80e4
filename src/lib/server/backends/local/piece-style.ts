import { z } from 'zod';

/**
 * How the pieces of a vocabulary become text: in GPT-2's byte alphabet, or as text in which some characters stand for
 * others (SentencePiece writes a space as U+2581) and, where there is a byte fallback, `<0x0A>` stands for a byte.
 */
export type PieceStyle =
  | { kind: 'byte-level' }
  | { kind: 'text'; replacements: [from: string, to: string][]; hasByteFallback: boolean };

const step = z.looseObject({ type: z.string() });
const replace = z.object({ pattern: z.object({ String: z.string() }), content: z.string() });
const metaspace = z.object({ replacement: z.string().default('\u2581') });
const sequence = z.object({ decoders: z.array(step) });

/**
 * The style that the `decoder` of a `tokenizer.json` describes (the steps are those of Hugging Face Tokenizers); what it
 * cannot be told apart from is named: the type of the first step that is not known.
 *
 * `Strip`, and the removal of a first space by `Metaspace`, belong to the beginning of a whole text. What is decoded here
 * follows a prompt, so its first space is a real one.
 */
export function readPieceStyle(decoder: unknown): PieceStyle | { unknown: string } {
  const first = step.safeParse(decoder).data;
  if (!first) return { unknown: 'none' };
  const steps = first.type === 'Sequence' ? (sequence.safeParse(first).data?.decoders ?? []) : [first];
  const style: PieceStyle & { kind: 'text' } = { kind: 'text', replacements: [], hasByteFallback: false };
  for (const one of steps) {
    const replaced = replace.safeParse(one).data;
    if (one.type === 'ByteLevel') return { kind: 'byte-level' };
    if (one.type === 'Replace' && replaced)
      style.replacements.push([replaced.pattern.String, replaced.content]);
    else if (one.type === 'Metaspace') style.replacements.push([metaspace.parse(one).replacement, ' ']);
    else if (one.type === 'ByteFallback') style.hasByteFallback = true;
    else if (one.type !== 'Fuse' && one.type !== 'Strip') return { unknown: one.type };
  }
  return style.replacements.length === 0 && !style.hasByteFallback ? { unknown: first.type } : style;
}
