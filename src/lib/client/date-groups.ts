const dayMs = 86_400_000;

/** The heading under which a conversation of this day is listed. Days are those of the reader's own calendar. */
export function dateGroup(date: Date, now: Date): string {
  const days = Math.round((startOfDay(now) - startOfDay(date)) / dayMs);
  if (days <= 0) return 'Today';
  if (days === 1) return 'Yesterday';
  if (days <= 7) return 'Previous 7 days';
  if (days <= 30) return 'Previous 30 days';
  const isThisYear = date.getFullYear() === now.getFullYear();
  return date.toLocaleDateString('en', { month: 'long', ...(!isThisYear && { year: 'numeric' }) });
}

function startOfDay(date: Date): number {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}
