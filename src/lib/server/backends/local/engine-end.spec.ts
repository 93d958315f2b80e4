import { expect, it } from 'vitest';
import { explainEnd, type EngineEnd } from './engine-end';

const end: EngineEnd = { code: null, signal: null, words: undefined, killedFor: undefined };

it.each<[string, Partial<EngineEnd>, RegExp]>([
  ['SIGKILL that we did not send', { signal: 'SIGKILL' }, /memory ran out.*LOCAL_CONTEXT/u],
  [
    'V8 out of memory',
    { signal: 'SIGABRT', words: 'FATAL ERROR: JavaScript heap out of memory' },
    /memory ran out/u,
  ],
  ['C++ out of memory', { signal: 'SIGABRT', words: 'what():  std::bad_alloc' }, /memory ran out/u],
  ['silence', { signal: 'SIGKILL', killedFor: 'silence' }, /did not answer any more.*Try again/u],
  ['a crash', { signal: 'SIGSEGV' }, /stopped\..*Try again/u],
  ['an exit', { code: 1, words: 'Error: no such thing' }, /stopped\..*log of the server/u],
])('explains %s and says what to do', (_, details, words) => {
  const { reason, remedy } = explainEnd({ ...end, ...details });
  expect(`${reason} ${remedy}`).toMatch(words);
});

it('does not take a kill of ours for a lack of memory', () => {
  expect(explainEnd({ ...end, signal: 'SIGKILL', killedFor: 'other' }).reason).not.toContain('memory');
});
