import { lookupTable } from './local/lookup';
import { measure, type Contest } from './local/measure';
import { serveNodeLlamaCpp } from './local/node-llama-cpp';
import { readOptions, type Options } from './local/options';
import { packageVersion, startOthers } from './local/others';
import { serveOurs } from './local/ours';
import { PeerProcess } from './local/peer-process';
import { quickPlan, wholePlan } from './local/plan';
import { Prompts } from './local/prompts';
import { machineList, resultTable } from './local/report';
import { Results } from './local/results';
import { serveTransformersJs } from './local/transformers-js';

// `npm run bench -- local-engine`: our engine beside its peers (docs/performance.md). The processes that it starts run
// this file too, with the part that they play as their first argument.

const [role, ...settings] = process.argv.slice(2);
const [model = '', threads = '', slots = ''] = settings;
// The bench is gone, however it went.
process.on('disconnect', () => process.exit(0));
if (!process.send) await compare(readOptions(process.argv.slice(4)));
else if (role === 'ours') await serveOurs(model, Number(threads), Number(slots));
else if (role === 'transformers.js') await serveTransformersJs(model, Number(threads));
else if (role === 'node-llama-cpp') await serveNodeLlamaCpp(model, Number(threads));
else throw new Error(`There is no peer named ${String(role)}.`);

async function compare(options: Options): Promise<void> {
  const plan = options.isQuick ? quickPlan : wholePlan;
  const version = `onnxruntime-node ${packageVersion('onnxruntime-node') ?? 'absent'}`;
  const our = (slotCount: number) =>
    new PeerProcess('Parlance', version, ['ours', options.model, String(options.threads), String(slotCount)]);
  const [ours, oursOfEight] = [our(4), our(8)];
  const others = await startOthers(options);
  const peers = [ours, ...others];
  const versions = peers.map(({ name, version: its }): [string, string] => [name, its]);
  const machine = machineList(versions, options.threads);
  const contest: Contest = {
    ...{ ours, oursOfEight, others, plan },
    prompts: new Prompts(options.model),
    results: new Results(),
  };
  try {
    await measure(contest);
    const lookup = await lookupTable(ours, contest.prompts, plan.rounds);
    const names = peers.map(({ name }) => name);
    const base = names.find((name) => name.startsWith('llama.cpp')) ?? '';
    console.log([machine, resultTable(contest.results, names, base), lookup].join('\n\n'));
  } finally {
    await Promise.all([oursOfEight, ...peers].map((peer) => peer.close()));
  }
}
