import { afterEach, describe, expect, it, vi } from 'vitest';
import { DateGroups } from './date-groups';

/** An instant of the reader's own calendar. */
const at = (year: number, month: number, day: number, hour = 12, minute = 0) =>
  new Date(year, month - 1, day, hour, minute);
const now = at(2026, 3, 31, 0, 5);

afterEach(() => void vi.unstubAllEnvs());

/** The heading of a date for a reader of that time. */
const labelAt = (date: Date, now: Date) => new DateGroups(now).labelOf(date);

describe('the headings of dates', () => {
  it.each([
    ['this minute', now, 'Today'],
    ['a clock that is ahead', at(2026, 4, 2), 'Today'],
    ['minutes ago, before midnight', at(2026, 3, 30, 23, 59), 'Yesterday'],
    ['the first minute of yesterday', at(2026, 3, 30, 0, 0), 'Yesterday'],
    ['two days ago', at(2026, 3, 29, 23, 59), 'Previous 7 days'],
    ['seven days ago', at(2026, 3, 24, 0, 0), 'Previous 7 days'],
    ['eight days ago', at(2026, 3, 23, 23, 59), 'Previous 30 days'],
    ['thirty days ago', at(2026, 3, 1, 0, 0), 'Previous 30 days'],
    ['31 days ago', at(2026, 2, 28, 23, 59), 'February'],
    ['the first day of this year', at(2026, 1, 1, 0, 0), 'January'],
    ['the last day of the year before', at(2025, 12, 31, 23, 59), 'December 2025'],
  ])('%s', (_, date, label) => {
    expect(labelAt(date, now)).toBe(label);
  });

  it('counts days of the calendar over a whole year, also those of 23 and 25 hours', () => {
    vi.stubEnv('TZ', 'Europe/Berlin');
    expect(at(2026, 3, 30).getTime() - at(2026, 3, 29, 0).getTime()).toBe(35 * 3_600_000);
    for (let day = 1; day <= 365; day += 1) {
      expect(labelAt(at(2026, 1, day, 23, 59), at(2026, 1, day + 1, 0, 0))).toBe('Yesterday');
      expect(labelAt(at(2026, 1, day, 0, 0), at(2026, 1, day, 23, 59))).toBe('Today');
    }
  });
});
