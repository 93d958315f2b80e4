const dayMs = 86_400_000;
const months = {
  thisYear: new Intl.DateTimeFormat('en', { month: 'long' }),
  others: new Intl.DateTimeFormat('en', { month: 'long', year: 'numeric' }),
};

/** The headings under which conversations are listed. Days are those of the reader's own calendar. */
export class DateGroups {
  private readonly today: number;
  private readonly year: number;
  private readonly monthLabels = new Map<number, string>();

  constructor(now: Date) {
    this.today = startOfDay(now);
    this.year = now.getFullYear();
  }

  labelOf(date: Date): string {
    // Ten thousand of these must cost nothing: what is as late as today needs no calendar.
    if (date.getTime() >= this.today) return 'Today';
    const days = Math.round((this.today - startOfDay(date)) / dayMs);
    if (days <= 1) return 'Yesterday';
    if (days <= 7) return 'Previous 7 days';
    if (days <= 30) return 'Previous 30 days';
    return this.monthOf(date);
  }

  private monthOf(date: Date): string {
    const year = date.getFullYear();
    const key = year * 12 + date.getMonth();
    const known = this.monthLabels.get(key);
    if (known !== undefined) return known;
    const label = (year === this.year ? months.thisYear : months.others).format(date);
    this.monthLabels.set(key, label);
    return label;
  }
}

function startOfDay(date: Date): number {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}
