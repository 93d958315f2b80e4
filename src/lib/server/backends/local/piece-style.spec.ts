import { describe, expect, it } from 'vitest';
import { readPieceStyle, type PieceStyle } from './piece-style';
import { TokenDecoder } from './token-decoder';

const byteFallback: PieceStyle = { kind: 'text', replacements: [['\u2581', ' ']], hasByteFallback: true };
const replaceStep = { type: 'Replace', pattern: { String: '\u2581' }, content: ' ' };

describe('the decoder of a tokenizer.json', () => {
  it.each<[string, unknown, PieceStyle | { unknown: string }]>([
    ['GPT-2', { type: 'ByteLevel', add_prefix_space: true }, { kind: 'byte-level' }],
    ['DeepSeek', { type: 'Sequence', decoders: [{ type: 'ByteLevel' }] }, { kind: 'byte-level' }],
    [
      'Llama 2',
      {
        type: 'Sequence',
        decoders: [
          replaceStep,
          { type: 'ByteFallback' },
          { type: 'Fuse' },
          { type: 'Strip', content: ' ', start: 1, stop: 0 },
        ],
      },
      byteFallback,
    ],
    [
      'Gemma',
      { type: 'Sequence', decoders: [replaceStep, { type: 'ByteFallback' }, { type: 'Fuse' }] },
      byteFallback,
    ],
    [
      'T5',
      { type: 'Metaspace', replacement: '\u2581', prepend_scheme: 'always' },
      { kind: 'text', replacements: [['\u2581', ' ']], hasByteFallback: false },
    ],
    ['BERT', { type: 'WordPiece', prefix: '##' }, { unknown: 'WordPiece' }],
    [
      'a sequence with a stranger',
      { type: 'Sequence', decoders: [replaceStep, { type: 'CTC' }] },
      { unknown: 'CTC' },
    ],
    ['nothing', null, { unknown: 'none' }],
  ])('of %s', (_, decoder, expected) => {
    expect(readPieceStyle(decoder)).toEqual(expected);
  });
});

describe('pieces of SentencePiece', () => {
  const special = '</s>';
  const decode = (pieces: string[], style = byteFallback) => {
    const decoder = new TokenDecoder({
      pieceOf: (token) => pieces[token],
      isSpecial: (token) => pieces[token] === special,
      isAdded: (token) => pieces[token] === '<tool\u2581call>',
      style,
    });
    return [...pieces.map((_, token) => decoder.push(token)), decoder.end()];
  };

  it.each<[string, string[], string[]]>([
    ['words', ['\u2581Hello', ',', '\u2581wor', 'ld'], [' Hello', ',', ' wor', 'ld', '']],
    ['several spaces', ['\u2581\u2581\u2581x'], ['   x', '']],
    ['a line break as a byte', ['a', '<0x0A>', 'b'], ['a', '\n', 'b', '']],
    ['a character in bytes', ['<0xE4>', '<0xB8>', '<0x96>', '界'], ['', '', '世', '界', '']],
    ['bytes that never become one', ['<0xE4>', 'a'], ['', '\ufffda', '']],
    ['bytes at the end', ['a', '<0xF0>'], ['a', '', '\ufffd']],
    ['a control token', ['a', special], ['a', '', '']],
    ['an added token, as it stands', ['<tool\u2581call>'], ['<tool\u2581call>', '']],
  ])('%s', (_, pieces, texts) => {
    expect(decode(pieces)).toEqual(texts);
  });

  it('are text where there is no byte fallback', () => {
    expect(decode(['<0x0A>'], { ...byteFallback, hasByteFallback: false })).toEqual(['<0x0A>', '']);
  });
});
