import {
  describeParameter,
  parameterNames,
  type BackendType,
  type GenerationParameters,
  type ParameterName,
} from './parameters';

/** The parameters that a backend of this type knows. */
export function parametersKnownTo(type: BackendType): ParameterName[] {
  return parameterNames.filter((name) => describeParameter(name).knownTo.includes(type));
}

/** The parameters that differ from "off" and that a backend does not know, for its one warning each. */
export function unknownParameters(
  parameters: GenerationParameters,
  known: readonly ParameterName[],
): ParameterName[] {
  return parameterNames.filter((name) => {
    const descriptor = describeParameter(name);
    const value = parameters[name];
    const isOff = value === undefined || value === descriptor.default || isEmpty(value);
    return !isOff && !known.includes(name);
  });
}

function isEmpty(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}
