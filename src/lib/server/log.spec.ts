import { expect, it } from 'vitest';
import { AppError } from '../domain/errors';
import { createLogger, readableLine } from './log';

function logged(write: (log: ReturnType<typeof createLogger>) => void): string {
  let text = '';
  write(createLogger({ logLevel: 'info' }, { write: (line) => void (text += line) }));
  return text;
}

it('hides secrets wherever they lie', () => {
  const text = logged((log) =>
    log.info({
      authorization: 'Bearer s3cret',
      headers: { cookie: 's3cret', 'set-cookie': ['s3cret'] },
      request: { headers: { authorization: 's3cret' } },
      env: { accessToken: 's3cret' },
      model: { backend: { apiKey: 's3cret' } },
    }),
  );
  expect(text).not.toContain('s3cret');
});

it('writes one line of JSON whatever the text holds, with the cause of a fault', () => {
  const text = logged((log) =>
    log.error(
      { err: new AppError('internal', 'Broken.', { cause: new Error('why\nnot') }) },
      'a\nb\u001B[31m',
    ),
  );
  expect(text.trimEnd().split('\n')).toHaveLength(1);
  expect(text).not.toContain('\u001B');
  expect(text).toContain('why');
});

it('is short at a terminal', () => {
  const line = JSON.stringify({ level: 40, time: '2026-01-02T03:04:05.678Z', port: 3000, msg: 'slow' });
  expect(readableLine(line)).toBe('03:04:05 WARN slow port=3000');
});
