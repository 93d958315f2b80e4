import { expect, it } from 'vitest';
import { imageMark } from '../backend';
import { inputsWithImages } from './inputs';

const readFile = (id: string) => Promise.resolve(Buffer.from(`bytes of ${id}`));
const images = [
  { fileId: 'one', mime: 'image/png' },
  { fileId: 'two', mime: 'image/webp' },
];
const prompt = `a${imageMark}b${imageMark}c`;
const base64 = (id: string) => Buffer.from(`bytes of ${id}`).toString('base64');

it('puts images where their marks stand', async () => {
  expect(await inputsWithImages(prompt, images, { bytes: 10_000, readFile })).toEqual({
    text: `a![](data:image/png;base64,${base64('one')})b![](data:image/webp;base64,${base64('two')})c`,
    leftOut: 0,
  });
});

it('leaves out the oldest that are too large together', async () => {
  expect(await inputsWithImages(prompt, images, { bytes: 70, readFile })).toEqual({
    text: `ab![](data:image/webp;base64,${base64('two')})c`,
    leftOut: 1,
  });
  expect(await inputsWithImages(prompt, images, { bytes: 5, readFile })).toEqual({ text: 'abc', leftOut: 2 });
});

it('sends and reads nothing where the model does not see', async () => {
  expect(await inputsWithImages(prompt, images, undefined)).toEqual({ text: 'abc', leftOut: 2 });
});

it('does not mind more marks than images, or fewer', async () => {
  const room = { bytes: 10_000, readFile };
  expect(await inputsWithImages(`a${imageMark}b${imageMark}c`, [], room)).toEqual({
    text: 'abc',
    leftOut: 0,
  });
  expect(await inputsWithImages('abc', images, room)).toEqual({ text: 'abc', leftOut: 2 });
});

it('breaks up what people write in the form of an image: the server would fetch it', async () => {
  const { text } = await inputsWithImages('see ![](http://10.0.0.1/)', [], { bytes: 10_000, readFile });
  expect(text).toBe('see ![ ](http://10.0.0.1/)');
});
