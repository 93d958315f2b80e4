import type { ModelSummary } from '../../domain/model-summary';
import { describeParameter, parameterNames, type ParameterName } from '../../domain/parameters';
import { limitWords } from '../settings/limits';
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

/** The parameters that the model knows and to which it or its operator has something to say. */
export function modelFacts(model: ModelSummary): ModelFact[] {
  const { parameters, parameterLimits = {}, supportedParameters } = model;
  return parameterNames.flatMap((name) => {
    const [value, limit] = [parameters[name], parameterLimits[name]];
    if ((value === undefined && !limit) || !supportedParameters.includes(name)) return [];
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
