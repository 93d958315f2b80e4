/** An entry of a list of chat-ui, of which nothing is known. Each field that was looked at is remembered. */
export class Fields {
  private readonly used = new Set<string>();

  constructor(private readonly values: Record<string, unknown>) {}

  static of(value: unknown): Fields {
    return new Fields(isRecord(value) ? value : {});
  }

  has(name: string): boolean {
    return this.values[name] !== undefined && this.values[name] !== null;
  }

  any(name: string): unknown {
    this.used.add(name);
    return this.values[name] ?? undefined;
  }

  /** A text that is not empty. */
  text(...names: string[]): string | undefined {
    const texts = names.map((name) => this.any(name));
    return texts.find((value): value is string => typeof value === 'string' && value.trim() !== '');
  }

  isTrue(...names: string[]): boolean {
    return names.map((name) => this.any(name)).includes(true);
  }

  list(name: string): unknown[] {
    const value = this.any(name);
    return Array.isArray(value) ? value : [];
  }

  /** Texts and numbers by name, as texts. */
  texts(name: string): Record<string, string> {
    const value = this.any(name);
    if (!isRecord(value)) return {};
    return Object.fromEntries(
      Object.entries(value).flatMap(([key, one]) =>
        typeof one === 'string' || typeof one === 'number' || typeof one === 'boolean'
          ? [[key, String(one)]]
          : [],
      ),
    );
  }

  /** What was there and nobody looked at. */
  unused(): string[] {
    return Object.keys(this.values).filter((name) => !this.used.has(name) && this.has(name));
  }
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
