import { lookupTable } from './local/lookup';
import { measure, type Contest } from './local/measure';
import { readOptions, type Options } from './local/options';
import { packageVersion, startOthers } from './local/others';
import { PeerProcess } from './local/peer-process';
import { quickPlan, wholePlan } from './local/plan';
import { Prompts } from './local/prompts';
import { Quiet } from './local/quiet';
import { machineList, resultTable } from './local/report';
import { Results } from './local/results';
import { play } from './local/roles';

// `npm run bench -- local-engine`: our engine beside its peers (docs/performance.md). The processes that it starts run
// this file too, with the part that they play as their first argument.

if (process.send) await play(process.argv.slice(2));
else await compare(readOptions(process.argv.slice(4)));

async function compare(options: Options): Promise<void> {
  const plan = options.isQuick ? quickPlan : wholePlan;
  const version = `onnxruntime-node ${packageVersion('onnxruntime-node') ?? 'absent'}`;
  const our = (slotCount: number) =>
    new PeerProcess('Parlance', version, ['ours', options.model, String(options.threads), String(slotCount)]);
  const [ours, oursOfEight] = [our(4), our(8)];
  const others = await startOthers(options);
  const peers = [ours, ...others];
  const versions = peers.map(({ name, version: its }): [string, string] => [name, its]);
  const quiet = new Quiet(options.patienceMs);
  const contest: Contest = {
    ...{ ours, oursOfEight, others, plan, quiet },
    prompts: new Prompts(options.model),
    results: new Results(),
  };
  try {
    await measure(contest);
    const lookup = await lookupTable(contest);
    const machine = machineList(versions, options.threads, quiet.busy);
    const names = peers.map(({ name }) => name);
    const base = names.find((name) => name.startsWith('llama.cpp')) ?? '';
    console.log([machine, resultTable(contest.results, names, base), lookup].join('\n\n'));
  } finally {
    await Promise.all([oursOfEight, ...peers].map((peer) => peer.close()));
  }
}
