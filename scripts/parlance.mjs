#!/usr/bin/env node
import { hasGoodNode } from './require-node.mjs';

// What an old Node could not even read comes after the check.
if (hasGoodNode(process.versions.node)) import('./run-cli.mjs').then((script) => script.runCli());
else process.exitCode = 1;
