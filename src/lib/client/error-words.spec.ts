import { describe, expect, it } from 'vitest';
import { errorCodes, type PublicError } from '../domain/errors';
import { ApiError } from './api';
import { errorWords, thrownWords } from './error-words';

const said = 'What the server said.';
const faultOf = (changes: Partial<PublicError>): PublicError => ({
  code: 'internal',
  message: said,
  retryable: true,
  ...changes,
});

describe('errorWords', () => {
  it.each(errorCodes)('is a sentence for %s', (code) => {
    const words = errorWords(faultOf({ code }));
    expect(words).toMatch(/^[A-Z].*\.$/u);
    expect(words, 'a code is no word for people').not.toContain(code);
  });

  it('takes the words of the server where they say more than the code', () => {
    for (const code of ['not-found', 'invalid-input', 'model-unavailable'] as const) {
      expect(errorWords(faultOf({ code }))).toBe(said);
    }
  });

  it('says what a model server did, that the text is kept, and when to come back', () => {
    for (const code of ['backend-rejected', 'backend-unreachable', 'backend-protocol'] as const)
      expect(errorWords(faultOf({ code }))).toBe(`${said} The text so far is kept.`);
    const limited = { code: 'rate-limited' as const, details: { status: 429, retryAfterSeconds: 17 } };
    expect(errorWords(faultOf(limited))).toBe(`${said} Try again in 17 s.`);
    expect(errorWords(faultOf({ code: 'rate-limited' }))).not.toBe(said);
  });

  it('tells the size of a message that is too long, and the limit', () => {
    const details = { tokens: 9120, limit: 7168 };
    const words = errorWords(faultOf({ code: 'context-too-long', details }));
    expect(words).toContain('9,120');
    expect(words).toContain('7,168');
    expect(errorWords(faultOf({ code: 'context-too-long' })), 'without figures').toBe(said);
  });
});

describe('thrownWords', () => {
  it('tells a fault that the server answered with from a server that did not answer', () => {
    const fault = faultOf({ code: 'model-unavailable' });
    expect(thrownWords(new ApiError(fault, true))).toBe(said);
    const lost = thrownWords(new ApiError(fault, false));
    expect(lost).toContain('cannot be reached');
    expect(lost).toContain('kept');
  });

  it('shows nothing of an error that nobody expected', () => {
    expect(thrownWords(new TypeError('secret of the code'))).not.toContain('secret');
    expect(thrownWords('secret')).not.toContain('secret');
  });
});
