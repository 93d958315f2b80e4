import { describe, expect, it } from 'vitest';
import type { Attachment } from './attachments.svelte';
import { usualImages } from '../domain/model-summary';
import { attachingBlocked, imagesBlocked } from './image-words';

const blind = { name: 'Blind', capabilities: {} };
const sees = { name: 'Sees', capabilities: { images: { ...usualImages, maxCount: 2 } } };
const items = (...states: Attachment['state'][]) => states.map((state) => ({ state }));

describe('what speaks against images', () => {
  it.each([
    ['nothing without images', blind, items(), null],
    ['nothing', sees, items('ready', 'working'), null],
    [
      'a model that sees none, one',
      blind,
      items('ready'),
      'Blind cannot see images: choose another model or remove it.',
    ],
    [
      'a model that sees none',
      blind,
      items('ready', 'ready'),
      'Blind cannot see images: choose another model or remove them.',
    ],
    [
      'too many',
      sees,
      items('ready', 'ready', 'ready'),
      'Sees takes at most 2 images in a message: remove some, or choose another model.',
    ],
    [
      'one that failed',
      sees,
      items('ready', 'failed'),
      'An image did not get through: try again, or remove it.',
    ],
  ])('%s', (_, model, attached, words) => {
    expect(imagesBlocked(model, attached)).toBe(words);
  });

  it('is said before any is attached', () => {
    expect(attachingBlocked(blind)).toBe('Blind cannot see images. To attach some, choose another model.');
    expect(attachingBlocked(sees)).toBeNull();
    expect(attachingBlocked(undefined)).toBeNull();
  });
});
