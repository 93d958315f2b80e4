import Keyboard from '@lucide/svelte/icons/keyboard';
import ListChecks from '@lucide/svelte/icons/list-checks';
import Monitor from '@lucide/svelte/icons/monitor';
import Moon from '@lucide/svelte/icons/moon';
import PanelLeft from '@lucide/svelte/icons/panel-left';
import Pencil from '@lucide/svelte/icons/pencil';
import Pin from '@lucide/svelte/icons/pin';
import Plug from '@lucide/svelte/icons/plug';
import Square from '@lucide/svelte/icons/square';
import SquarePen from '@lucide/svelte/icons/square-pen';
import Sun from '@lucide/svelte/icons/sun';
import Trash2 from '@lucide/svelte/icons/trash-2';

/** By the id of the command. */
export const commandIcons: Partial<Record<string, typeof Pin>> = {
  stop: Square,
  'new-chat': SquarePen,
  pin: Pin,
  rename: Pencil,
  delete: Trash2,
  sidebar: PanelLeft,
  connect: Plug,
  select: ListChecks,
  light: Sun,
  dark: Moon,
  system: Monitor,
  shortcuts: Keyboard,
};
