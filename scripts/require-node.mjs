// Old versions of Node read this file too: no syntax here that they do not know.

/**
 * Whether this Node can run and build Parlance; says so in one sentence when it cannot.
 *
 * @param {string} version
 */
export function hasGoodNode(version) {
  const major = Number(version.split('.')[0]);
  const minor = Number(version.split('.')[1]);
  // What Vite, which builds the pages, runs on.
  const isGood = (major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major > 22;
  if (!isGood) {
    console.error(
      'Parlance needs Node 20.19, 22.12 or newer, and this is ' +
        version +
        '. Install one from https://nodejs.org.',
    );
  }
  return isGood;
}
