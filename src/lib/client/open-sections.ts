import { keep, readKeptList } from './browser-storage';

const key = 'parlance:open-sections';

/** Whether this browser remembers a section of the settings as open. */
export function isKeptOpen(id: string): boolean {
  return readKeptList(key).includes(id);
}

/** Remembers whether a section is open. */
export function keepOpen(id: string, isOpen: boolean): void {
  const others = readKeptList(key).filter((other) => other !== id);
  const open = isOpen ? [...others, id] : others;
  keep(key, open.length === 0 ? '' : JSON.stringify(open));
}
