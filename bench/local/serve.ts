/** What the bench asks of a peer's process, and what that answers. */
export interface Call {
  id: number;
  method: string;
  argument: unknown;
}
export type Answer = { id: number } & ({ value: unknown } | { fault: string });

/**
 * Answers the calls that the bench makes, in a process of its own: each peer gets its memory to itself, and its native
 * library cannot collide with another's.
 */
export function serve(methods: Record<string, (argument: never) => Promise<unknown>>): void {
  const answer = (message: Answer) => process.send?.(message);
  process.on('message', ({ id, method, argument }: Call) => {
    void (async () => {
      try {
        const work = methods[method];
        if (!work) throw new Error(`This peer has no ${method}.`);
        answer({ id, value: await work(argument as never) });
      } catch (thrown) {
        answer({ id, fault: thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown) });
      }
    })();
  });
}
