import { buildPrograms } from './build-programs.mjs';

/** Specs of storage and of the engine run the built programs. */
export default async function setup() {
  await buildPrograms();
}
