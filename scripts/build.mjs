import { hasGoodNode } from './require-node.mjs';

if (!hasGoodNode(process.versions.node)) process.exitCode = 1;
else if (process.argv.includes('--programs'))
  import('./build-programs.mjs').then((script) => script.buildPrograms());
else import('./build-all.mjs').then((script) => script.buildOrExit());
