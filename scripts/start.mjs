import { hasGoodNode } from './require-node.mjs';

// What an old Node could not even read comes after the check.
if (hasGoodNode(process.versions.node)) import('./launch.mjs').then((script) => script.launch());
else process.exitCode = 1;
