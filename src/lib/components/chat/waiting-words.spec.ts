import { describe, expect, it } from 'vitest';
import type { Waiting } from '../../client/run-streams.svelte';
import { waitingWords } from './waiting-words';

describe('waitingWords', () => {
  it.each<[Waiting | undefined, string]>([
    [undefined, 'Thinking…'],
    [{ position: 1 }, 'Next in line…'],
    [{ position: 12 }, 'Number 12 in line…'],
    [{ label: 'loading' }, 'Loading the model…'],
    [{ label: 'loading', fraction: 0 }, 'Loading the model…'],
    [{ label: 'loading', fraction: 0.4 }, 'Loading the model… 40 %'],
    [{ label: 'reading', fraction: 0.005 }, 'Reading… 1 %'],
    [{ label: 'searching', fraction: 1 }, 'Comparing texts… 100 %'],
  ])('of %j', (waiting, words) => expect(waitingWords(waiting)).toBe(words));
});
