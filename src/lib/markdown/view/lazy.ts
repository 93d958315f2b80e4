/**
 * A module that is loaded when it is first needed. `get` is what has been loaded; `load` starts loading, once, and
 * resolves to undefined when it fails: the page then shows the source, and the next need tries again.
 */
export class Lazy<T> {
  get: T | undefined;
  private loading: Promise<T | undefined> | undefined;

  constructor(private readonly start: () => Promise<T>) {}

  load(): Promise<T | undefined> {
    this.loading ??= this.start().then(
      (loaded) => (this.get = loaded),
      () => (this.loading = undefined),
    );
    return this.loading;
  }
}
