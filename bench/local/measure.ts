import type { PromptMessage } from '../../src/lib/server/backends/backend';
import { plainParameters, type OurAnswer, type OurRequest } from './ours';
import type { Peer, Turn } from './peer';
import type { PeerProcess } from './peer-process';
import type { Plan } from './plan';
import type { Prompts } from './prompts';
import type { Quiet } from './quiet';
import type { Results } from './results';

export interface Contest {
  /** Our engine with its usual four slots, and the same with eight. */
  ours: PeerProcess;
  oursOfEight: PeerProcess;
  others: readonly Peer[];
  prompts: Prompts;
  plan: Plan;
  results: Results;
  quiet: Quiet;
}

const thousands = (count: number) => count.toLocaleString('en');
/** The names of the rows. */
export const row = {
  firstToken: (tokens: number) => `first token after ${thousands(tokens)} tokens`,
  decode: (tokens: number) => `decode at ${thousands(tokens)} tokens`,
  turn: (turn: number) => `first token of turn ${String(turn)}`,
  togetherDecode: (count: number) => `${String(count)} at once, while all write`,
  togetherWhole: (count: number) => `${String(count)} at once, reading included`,
  engine: (tokens: number) => `memory of the engine after four of ${thousands(tokens)} tokens`,
  tree: 'the same with the process that asks it',
};

/** Everything, peer after peer within each point, so that what else the machine does hits all of them alike. */
export async function measure(contest: Contest): Promise<void> {
  const { ours, oursOfEight, others, prompts } = contest;
  const warmUp = { prompt: prompts.ofLength(64), newTokens: 16 };
  for (const peer of [ours, oursOfEight, ...others]) await peer.write(warmUp);
  await lone(contest);
  for (let round = 0; round < contest.plan.rounds; round += 1) await chat(contest, `chat ${String(round)}`);
  await together(contest);
  await memory(contest);
}

async function lone({ ours, others, prompts, plan, results, quiet }: Contest): Promise<void> {
  for (const length of plan.lengths) {
    const prompt = prompts.ofLength(length);
    for (let round = 0; round < plan.rounds; round += 1) {
      for (const peer of [ours, ...others]) {
        await quiet.wait();
        const { firstTokenMs, tokensPerSecond } = await peer.write({ prompt, newTokens: plan.newTokens });
        results.add(row.firstToken(length), 'ms', peer.name, firstTokenMs);
        results.add(row.decode(length), 'tokens/s', peer.name, tokensPerSecond);
      }
    }
  }
}

/** A chat that grows: our answers are its history, except with a peer that keeps its own. */
async function chat({ ours, others, prompts, plan, results, quiet }: Contest, name: string): Promise<void> {
  const messages: PromptMessage[] = [];
  let history = 0;
  for (let turn = 1; turn <= Math.max(...plan.turns); turn += 1) {
    const text = `Explain at length what this means. ${prompts.ofLength(plan.messageTokens, turn).text}`;
    messages.push({ role: 'user', content: text });
    const prompt = prompts.ofChat(messages);
    const asked: Turn = { chat: name, text, prompt, history, newTokens: plan.answerTokens };
    await quiet.wait();
    const answer = await reply(ours, asked);
    const isShown = plan.turns.includes(turn);
    if (isShown) results.add(row.turn(turn), 'ms', ours.name, (answer.at[0] ?? NaN) - answer.startedAt);
    for (const peer of others) {
      if (!isShown && peer.keepsNoChat) continue;
      await quiet.wait();
      const firstTokenMs = await peer.turn(asked);
      if (isShown) results.add(row.turn(turn), 'ms', peer.name, firstTokenMs);
    }
    messages.push({ role: 'assistant', content: answer.text });
    history = answer.promptTokens + answer.tokens;
  }
}

async function reply(ours: PeerProcess, { prompt, chat: scope, newTokens }: Turn): Promise<OurAnswer> {
  const request: OurRequest = { prompt: prompt.text, parameters: plainParameters(newTokens), scope };
  const answer = await ours.call<OurAnswer>('answer', request);
  if (answer.promptTokens === prompt.tokens) return answer;
  throw new Error(`Our engine reads ${String(prompt.tokens)} tokens as ${String(answer.promptTokens)}.`);
}

async function together({ oursOfEight, others, prompts, plan, results, quiet }: Contest): Promise<void> {
  const newTokens = plan.togetherTokens;
  for (const count of plan.together) {
    const several = Array.from({ length: count }, (_, part) => prompts.ofLength(plan.togetherTokens, part));
    for (let round = 0; round < plan.rounds; round += 1) {
      for (const peer of [oursOfEight, ...others]) {
        await quiet.wait();
        const { wholePerSecond, decodePerSecond } = await peer.together({ prompts: several, newTokens });
        results.add(row.togetherDecode(count), 'tokens/s', peer.name, decodePerSecond);
        results.add(row.togetherWhole(count), 'tokens/s', peer.name, wholePerSecond);
      }
    }
  }
}

/** What stays in memory once four conversations fill their places. */
async function memory({ ours, others, prompts, plan, results }: Contest): Promise<void> {
  const { fillTokens } = plan;
  const several = [0, 1, 2, 3].map((part) => prompts.ofLength(fillTokens, part));
  for (const peer of [ours, ...others]) {
    await peer.together({ prompts: several, newTokens: 16 });
    const { engineMb, treeMb } = peer.memory();
    results.add(row.engine(fillTokens), 'MB', peer.name, engineMb);
    results.add(row.tree, 'MB', peer.name, treeMb);
  }
}
