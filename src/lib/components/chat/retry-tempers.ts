import Crosshair from '@lucide/svelte/icons/crosshair';
import Sparkles from '@lucide/svelte/icons/sparkles';
import { presets } from '../../domain/presets';

/** How another version of an answer can be freer or stricter than this one. */
export const tempers = [
  { id: 'creative', label: 'More creative', Icon: Sparkles },
  { id: 'precise', label: 'More precise', Icon: Crosshair },
].flatMap((temper) => {
  const preset = presets.find(({ id }) => id === temper.id);
  return preset ? [{ ...temper, parameters: preset.parameters }] : [];
});
