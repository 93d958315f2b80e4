import type { GenerationParameters } from '../../src/lib/domain/parameters';
import { median } from '../statistics';
import { lookupTasks } from './lookup-tasks';
import type { Contest } from './measure';
import type { OurAnswer, OurRequest } from './ours';
import type { PeerProcess } from './peer-process';
import { markdownTable } from './report';

/**
 * Assisted generation by prompt lookup against one token a step, alternating, as a table. Throws when a text is not
 * the same with and without.
 */
export async function lookupTable({ ours, prompts, plan, quiet }: Contest): Promise<string> {
  const rows = [['task', 'tokens', 'without', 'with', 'times as fast', 'times as fast, writing alone']];
  for (const { name, message, parameters } of lookupTasks) {
    const { text: prompt } = prompts.ofChat([{ role: 'user', content: message }]);
    const plain: OurAnswer[] = [];
    const assisted: OurAnswer[] = [];
    for (let round = 0; round < plan.rounds; round += 1) {
      await quiet.wait();
      plain.push(await write(ours, prompt, { ...parameters, prompt_lookup_num_tokens: 0 }));
      await quiet.wait();
      assisted.push(await write(ours, prompt, parameters));
    }
    const texts = new Set([...plain, ...assisted].map(({ text }) => text));
    if (texts.size > 1)
      throw new Error(`"${name}" differs with prompt lookup: ${[...texts].join('\n---\n')}`);
    const ratio = (of: (answer: OurAnswer) => number) =>
      (median(plain.map(of)) / median(assisted.map(of))).toFixed(2);
    const milliseconds = (answers: OurAnswer[]) => `${median(answers.map(whole)).toFixed(0)} ms`;
    rows.push([
      name,
      String(plain[0]?.tokens),
      milliseconds(plain),
      milliseconds(assisted),
      ratio(whole),
      ratio(writing),
    ]);
    console.error(rows.at(-1)?.join(' '));
  }
  return markdownTable(rows);
}

function write(ours: PeerProcess, prompt: string, parameters: GenerationParameters): Promise<OurAnswer> {
  const request: OurRequest = { prompt, parameters: { temperature: 0, ...parameters } };
  return ours.call<OurAnswer>('answer', request);
}

const whole = ({ at, startedAt }: OurAnswer) => (at.at(-1) ?? NaN) - startedAt;
const writing = ({ at }: OurAnswer) => (at.at(-1) ?? NaN) - (at[0] ?? NaN);
