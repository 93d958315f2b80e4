import { availableParallelism, cpus, totalmem } from 'node:os';
import type { Results } from './results';

/** A table as Markdown has it. */
export function markdownTable(rows: readonly (readonly string[])[]): string {
  const [head = [], ...body] = rows;
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...body.map(line)].join('\n');
}

/** The medians, each with how many times as fast as the base it is. */
export function resultTable(results: Results, peers: readonly string[], base: string): string {
  const rows = results.list().map(({ name, unit }) => [
    name,
    ...peers.map((peer) => {
      const figure = results.of(name, peer);
      const isCompared = peer !== base && unit !== 'MB';
      const ratio = isCompared ? results.timesAsFast(name, peer, base) : NaN;
      const shown = Number.isNaN(figure) ? '-' : `${number(figure)} ${unit}`;
      return Number.isNaN(ratio) ? shown : `${shown} (${ratio.toFixed(2)})`;
    }),
  ]);
  return markdownTable([['', ...peers], ...rows]);
}

/** The machine and what is compared on it, as a list. */
export function machineList(
  versions: readonly [name: string, version: string][],
  threads: number,
  busy: number,
): string {
  const [processor] = cpus();
  return [
    `- ${processor?.model.trim() ?? 'unknown processor'}, ${String(availableParallelism())} logical cores, ${String(threads)} threads for each engine`,
    `- ${(totalmem() / 2 ** 30).toFixed(0)} GiB of memory, ${process.platform} ${process.arch}`,
    `- Node ${process.versions.node}`,
    ...versions.map(([name, version]) => `- ${name}: ${version}`),
    `- other programs had ${(100 * busy).toFixed(0)} % of the processors just before a measurement (mean)`,
  ].join('\n');
}

function number(figure: number): string {
  return figure.toLocaleString('en', { maximumFractionDigits: figure < 100 ? 1 : 0 });
}
