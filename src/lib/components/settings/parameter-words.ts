import { describeParameter, parameterNames } from '../../domain/parameters';
import type { GenerationParameters, ParameterName } from '../../domain/parameters';

/** What most people look for; shown before everything else. */
export const everydayParameters: readonly ParameterName[] = ['temperature', 'top_p', 'max_new_tokens'];

export interface ParameterSection {
  /** What is remembered of it: whether it is open. */
  id: string;
  heading: string;
  /** What is in it, for those who have not opened it yet. */
  about: string;
  names: readonly ParameterName[];
}

/** All other parameters, in the order of the table. */
export const parameterSections: readonly ParameterSection[] = (
  [
    { id: 'length', heading: 'Length and stopping', about: 'Shortest answer, time limit, stop sequences' },
    { id: 'sampling', heading: 'Choosing words', about: 'Top K, Min P, typical P, seed, logit bias' },
    { id: 'repetition', heading: 'Repetition', about: 'Penalties, repeated phrases, unwanted words' },
    { id: 'beams', heading: 'Beam search', about: 'Several texts side by side, the best one kept' },
    { id: 'output', heading: 'Output', about: 'Versions, guided output, log probabilities' },
  ] as const
).map((section) => ({
  ...section,
  names: parameterNames.filter((name) => {
    const { group } = describeParameter(name);
    const place = group === 'stopping' ? 'length' : group;
    return place === section.id && !everydayParameters.includes(name);
  }),
}));

/** What a field is called whose value nobody has set, where that is not simply the usual value. */
const absentWords: Partial<Record<ParameterName, string>> = {
  max_new_tokens: 'As it wants',
  seed: 'Random',
  max_time: 'No limit',
  top_logprobs: 'Off',
  prompt_lookup_num_tokens: 'Automatic',
};

/** What counts when nobody sets the parameter, in a word or two. */
export function absentWord(name: ParameterName): string {
  const absent = describeParameter(name).default === undefined ? 'None' : 'Usual';
  return absentWords[name] ?? absent;
}

/** What stands in an empty field of a number that may be absent. */
export function placeholderOf(name: ParameterName): string | undefined {
  return name === 'seed' ? 'Random each time' : absentWords[name];
}

/** Why a value changes nothing, or little, beside the others that are in force; `undefined`: it does its work. */
export function parameterNote(name: ParameterName, parameters: GenerationParameters): string | undefined {
  const { temperature = 1, num_beams = 1, num_return_sequences = 1 } = parameters;
  const hasBeams = num_beams > 1;
  switch (name) {
    case 'length_penalty':
    case 'early_stopping':
      return hasBeams ? undefined : 'Does nothing while Beams is 1.';
    case 'top_k':
    case 'top_p':
    case 'min_p':
    case 'typical_p':
    case 'seed':
      return temperature === 0
        ? 'Does nothing at temperature 0, which always takes the likeliest.'
        : undefined;
    case 'num_return_sequences':
      return temperature === 0 && !hasBeams && num_return_sequences > 1
        ? 'At temperature 0 all of them are the same.'
        : undefined;
    default:
      return undefined;
  }
}
