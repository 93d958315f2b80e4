import { describe, expect, it } from 'vitest';
import { StopSequences } from './stop-sequences';

/** What is shown of `text` when it comes in pieces of `size` characters. */
function shown(text: string, sequences: string[], size: number): string {
  const stop = new StopSequences(sequences);
  let out = '';
  for (let at = 0; at < text.length; at += size) out += stop.push(text.slice(at, at + size));
  return stop.hasStopped ? out : out + stop.end();
}

describe('StopSequences', () => {
  const cases: [text: string, sequences: string[], expected: string][] = [
    ['Hello world', [], 'Hello world'],
    ['Hello\n\nUser: hi', ['\n\nUser:'], 'Hello'],
    ['aaab rest', ['aab'], 'a'],
    ['one STOP two END', ['END', 'STOP'], 'one '],
    ['ends with ST', ['STOP'], 'ends with ST'],
    ['STOP at once', ['STOP'], ''],
    ['abcabd', ['abd'], 'abc'],
    ['nothing empty', [''], 'nothing empty'],
  ];
  for (const [text, sequences, expected] of cases) {
    it(`shows ${JSON.stringify(expected)} of ${JSON.stringify(text)}, however it is split`, () => {
      for (let size = 1; size <= text.length; size += 1) expect(shown(text, sequences, size)).toBe(expected);
    });
  }

  it('holds back no more than the beginning of a sequence', () => {
    const stop = new StopSequences(['###']);
    expect(stop.push('text #')).toBe('text ');
    expect(stop.push('1 heading')).toBe('#1 heading');
  });

  it('takes the sequence that comes first in the text, not in the list', () => {
    expect(shown('a B c A', ['A', 'B'], 7)).toBe('a ');
  });
});
