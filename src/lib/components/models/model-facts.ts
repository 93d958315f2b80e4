import type { ModelSummary, ParameterLimit } from '../../domain/model-summary';
import { describeParameter, parameterNames, type ParameterName } from '../../domain/parameters';
import { valueWords } from '../settings/value-words';

/** A line about a parameter of a model. */
export interface ModelFact {
  name: ParameterName;
  label: string;
  /** What it is when nobody sets it. */
  value: string;
  /** What people may set; empty: all that the table allows. */
  limit: string;
}

/** The parameters to which the model or its operator has something to say. */
export function modelFacts({ parameters, parameterLimits = {} }: ModelSummary): ModelFact[] {
  return parameterNames.flatMap((name) => {
    const [value, limit] = [parameters[name], parameterLimits[name]];
    if (value === undefined && !limit) return [];
    return [
      {
        name,
        label: describeParameter(name).label,
        value: value === undefined ? 'Usual' : valueWords(value),
        limit: limit ? limitWords(limit) : '',
      },
    ];
  });
}

/** What people may set, in a few words. */
export function limitWords({ min, max, isFixed }: ParameterLimit): string {
  if (isFixed) return 'Fixed';
  const [from, to] = [min, max].map((end) => end?.toLocaleString('en'));
  if (from !== undefined && to !== undefined) return `${from} to ${to}`;
  if (from !== undefined) return `${from} or more`;
  return to === undefined ? '' : `up to ${to}`;
}
