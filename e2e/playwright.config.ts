import { defineConfig } from '@playwright/test';
import { browserPath, browserArgs } from './browser';

export default defineConfig({
  testDir: '.',
  testMatch: '*.e2e.ts',
  outputDir: '../test-results/e2e',
  timeout: 60_000,
  expect: { timeout: 15_000 },
  // Each file starts servers of its own on ports that the system gives; two cores carry one file at a time.
  workers: 1,
  fullyParallel: false,
  forbidOnly: true,
  reporter: [['list'], ['json', { outputFile: '../test-results/e2e.json' }]],
  use: {
    trace: 'off',
    launchOptions: { executablePath: await browserPath(), args: browserArgs },
  },
});
