import type { Waiting } from '../../client/run-streams.svelte';

/** What a run that has no text yet is doing. */
export function waitingWords({ position, label, fraction = 0 }: Waiting = {}): string {
  if (position === 1) return 'Next in line…';
  if (position !== undefined) return `Number ${String(position)} in line…`;
  const percent = `${String(Math.round(fraction * 100))} %`;
  switch (label) {
    case 'loading':
      // A backend that does not know how far it is says nothing.
      return fraction > 0 ? `Loading the model… ${percent}` : 'Loading the model…';
    case 'reading':
      return `Reading… ${percent}`;
    case 'searching':
      return `Comparing texts… ${percent}`;
    case undefined:
      return 'Thinking…';
  }
}
