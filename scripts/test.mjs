import { hasGoodNode } from './require-node.mjs';

if (hasGoodNode(process.versions.node))
  import('./run-tests.mjs').then((script) => script.runTests(process.argv.slice(2)));
else process.exitCode = 1;
