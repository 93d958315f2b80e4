import { parameterTable } from './parameter-table';
import type { Descriptor, ValueTypes } from './parameter-types';

export { parameterTable } from './parameter-table';
export type { BackendType, Descriptor, Grammar, LogitBias, ParameterGroup } from './parameter-types';

type Table = typeof parameterTable;
export type ParameterName = keyof Table;
export type GenerationParameters = {
  -readonly [N in ParameterName]?: ValueTypes[Table[N]['type']];
};

export const parameterNames = Object.keys(parameterTable) as ParameterName[];

/** The descriptor of one parameter, with the optional fields that the literal types hide. */
export function describeParameter(name: ParameterName): Descriptor {
  return parameterTable[name];
}
