import type { GenerationParameters } from '../../src/lib/domain/parameters';

const letter = `Dear neighbours, the recieving office of the house will be closed form Monday to Wensday, becuase the floor is painted. Parcels that arive in these days are kept at the bakery across the street, wich is open untill six. Please bring a card with your name, and ask for Mrs. Lindqvist. We are sorry for the truoble, and thank you for your patience.`;

const paragraph = `The lighthouse at Skarholm was built in 1842 by prisoners from the mainland, who carried each block of granite up the cliff by hand. Its first keeper, Anders Holm, stayed for forty-one years and missed only three nights. The lamp burned whale oil until 1871, then paraffin, and since 1934 it has been electric. Today nobody lives there, but the light still turns every eight seconds.`;

const code = `function total(items) {
  let x = 0;
  for (const item of items) {
    if (item.price > 0) {
      x += item.price * item.count;
    }
  }
  if (x > 100) {
    x = x * 0.9;
  }
  console.log('The total is ' + x);
  return x;
}`;

/** So small a model says the same again and again when nothing keeps it from that: then every answer repeats its context. */
const fresh: GenerationParameters = { repetition_penalty: 1.1, max_new_tokens: 192 };

export interface LookupTask {
  name: string;
  message: string;
  parameters: GenerationParameters;
}

/** What is asked: three whose answer repeats its context, then three whose answer does not. */
export const lookupTasks: readonly LookupTask[] = [
  {
    name: 'correct a letter',
    message: `Fix the typos in this text and repeat the whole text:\n\n${letter}`,
    parameters: { repetition_penalty: 1, max_new_tokens: 100 },
  },
  {
    name: 'quote a paragraph',
    message: `${paragraph}\n\nRepeat the text above word by word, in quotation marks.`,
    parameters: { repetition_penalty: 1, max_new_tokens: 100 },
  },
  {
    name: 'rename in code',
    message: `Write this code again, with the variable x renamed to sum:\n\n\`\`\`js\n${code}\n\`\`\``,
    parameters: { repetition_penalty: 1, max_new_tokens: 100 },
  },
  {
    name: 'a story',
    message: 'Write a short story about a fisherman who finds a bottle with a map in it.',
    parameters: fresh,
  },
  { name: 'an explanation', message: 'Explain how a refrigerator keeps food cold.', parameters: fresh },
  {
    name: 'a list',
    message: 'List ten things to take along on a hike in the mountains, each with a reason.',
    parameters: fresh,
  },
];
