import { TestServer } from '../e2e/server';
import { underLoad } from './load';
import { childrenOf, residentMb } from './process';
import { onScreen } from './screen';
import { median, spread } from './statistics';
import { printTable } from './table';

/** Figures of chat-ui's server and page, measured on a machine of the same kind (2 cores, Node 20). */
const peer = {
  enterToText: '190 to 440 ms',
  tokenToScreen: '60 to 70 ms',
  firstView: '361 kB in 69 requests',
  cpu: { 1: '-', 50: '0.6 ms', 200: '0.33 ms' } as Record<number, string>,
  firstText: { 200: '1,700 ms' } as Record<number, string>,
  latency: { 200: '73 ms' } as Record<number, string>,
  memory: '177 MB',
};
const rows: [figure: string, parlance: string, chatUi: string][] = [];

const screen = await onScreen();
rows.push(['Enter to first visible character', spread(screen.enterToTextMs, 'ms'), peer.enterToText]);
rows.push(['token written to token on screen', spread(screen.tokenToScreenMs, 'ms'), peer.tokenToScreen]);
const view = `${(screen.bytes / 1000).toFixed(0)} kB in ${String(screen.requests)} requests`;
rows.push(['first view', view, peer.firstView]);

for (const conversations of [1, 50, 200]) {
  const load = await underLoad(conversations, 10);
  const name = `${String(conversations)} conversations at 20 tokens/s`;
  rows.push([
    `${name}: server CPU per token`,
    `${load.cpuPerTokenMs.toFixed(3)} ms`,
    peer.cpu[conversations] ?? '-',
  ]);
  rows.push([`${name}: first text`, spread(load.firstTextMs, 'ms'), peer.firstText[conversations] ?? '-']);
  rows.push([
    `${name}: a token's way to its reader`,
    spread(load.latencyMs, 'ms'),
    peer.latency[conversations] ?? '-',
  ]);
}

const idle = await TestServer.start({});
await new Promise((resolve) => setTimeout(resolve, 5000));
const engines = childrenOf(idle.pid).map(residentMb);
rows.push(['idle memory of the server', `${residentMb(idle.pid).toFixed(0)} MB`, peer.memory]);
rows.push(['idle memory of the engine, model loaded', `${median(engines).toFixed(0)} MB`, '-']);
await idle.stop();

printTable([['', 'Parlance', 'chat-ui'], ...rows]);
