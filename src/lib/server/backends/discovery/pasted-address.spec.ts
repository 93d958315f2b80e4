import { expect, it } from 'vitest';
import { readPastedAddress } from './pasted-address';

it.each([
  ['localhost:11434', ['http://localhost:11434']],
  ['http://127.0.0.1:8000/', ['http://127.0.0.1:8000']],
  ['127.0.0.1:8000/v1', ['http://127.0.0.1:8000']],
  ['http://127.0.0.1:8000/v1/chat/completions', ['http://127.0.0.1:8000']],
  ['  "http://127.0.0.1:3000/generate_stream" ', ['http://127.0.0.1:3000']],
  ['http://0.0.0.0:8080', ['http://127.0.0.1:8080']],
  ['http://[::]:8080', ['http://[::1]:8080']],
  ['gpu-box:8000', ['http://gpu-box:8000']],
  ['192.168.1.20:1234/v1/models?x=1#y', ['http://192.168.1.20:1234']],
  ['100.100.4.2', ['http://100.100.4.2']],
  ['[fd00::7]:8000', ['http://[fd00::7]:8000']],
  ['llm.example.com/v1', ['https://llm.example.com']],
  ['8.8.8.8:8000', ['https://8.8.8.8:8000']],
  ['http://llm.example.com', ['http://llm.example.com']],
  ['https://api.example.com/openai/v1', ['https://api.example.com/openai', 'https://api.example.com']],
  ['http://127.0.0.1:11434/api/chat', ['http://127.0.0.1:11434']],
  ['http://127.0.0.1:1234/api/v0/models', ['http://127.0.0.1:1234/api', 'http://127.0.0.1:1234']],
  ['http://127.0.0.1:3000/docs/', ['http://127.0.0.1:3000']],
  [
    'http://127.0.0.1:8080/c/abc',
    ['http://127.0.0.1:8080/c/abc', 'http://127.0.0.1:8080/c', 'http://127.0.0.1:8080'],
  ],
  [
    'https://h.example/a/b/c/d/e',
    [
      'https://h.example/a/b/c/d/e',
      'https://h.example/a/b/c/d',
      'https://h.example/a/b/c',
      'https://h.example',
    ],
  ],
  ['https://openrouter.ai/models', ['https://openrouter.ai/api']],
  ['openrouter.ai/api/v1', ['https://openrouter.ai/api']],
  ['https://platform.openai.com/docs/overview', ['https://api.openai.com']],
  ['https://router.huggingface.co/v1', ['https://router.huggingface.co']],
  ['https://huggingface.co/inference/models', ['https://router.huggingface.co']],
])('looks for what "%s" means', (text, roots) => {
  expect(readPastedAddress(text).roots).toEqual(roots);
});

it('tries https only where nobody said http, and http never where a key would cross the internet', () => {
  expect(readPastedAddress('gpu-box:8000/v1').otherRoots).toEqual(['https://gpu-box:8000']);
  expect(readPastedAddress('http://gpu-box:8000').otherRoots).toEqual([]);
  expect(readPastedAddress('llm.example.com').otherRoots).toEqual([]);
});

it.each([
  '',
  '   ',
  'hello world',
  'http://',
  'http://:80',
  'ftp://host',
  'file:///etc/passwd',
  'https://me:secret@host',
])('refuses "%s" with words', (text) => {
  expect(() => readPastedAddress(text)).toThrow(expect.objectContaining({ code: 'invalid-input' }));
  expect(() => readPastedAddress(text)).not.toThrow(/secret/u);
});

it('tells this machine from others', () => {
  const isLoopback = (text: string) => readPastedAddress(text).isLoopback;
  expect(['localhost:1', '127.0.0.9', '[::1]:80', 'a.localhost'].map(isLoopback)).toEqual([
    true,
    true,
    true,
    true,
  ]);
  expect(['192.168.0.1', 'localhost.example.com'].map(isLoopback)).toEqual([false, false]);
});
