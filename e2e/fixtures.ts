import {
  test as base,
  expect,
  type Page,
  type PlaywrightTestArgs,
  type PlaywrightTestOptions,
  type PlaywrightWorkerArgs,
  type PlaywrightWorkerOptions,
  type TestType,
} from '@playwright/test';
import { TestServer } from './server';

/** Watches a page for what must never happen: requests to another origin, reports of the policy, thrown errors. */
export function watch(page: Page, server: TestServer): string[] {
  const faults: string[] = [];
  page.on('request', (request) => {
    const { protocol, origin } = new URL(request.url());
    if (protocol.startsWith('http') && origin !== server.url) faults.push(`request to ${request.url()}`);
  });
  page.on('console', (message) => {
    if (/content security policy|trustedhtml|trusted type/iu.test(message.text()))
      faults.push(message.text());
  });
  page.on('pageerror', (error) => faults.push(`thrown: ${error.message}`));
  return faults;
}

type Test = TestType<
  PlaywrightTestArgs & PlaywrightTestOptions & { watched: undefined },
  PlaywrightWorkerArgs & PlaywrightWorkerOptions & { server: TestServer }
>;

/**
 * Tests with a server for those of one file, whose scripted model says these replies (absent: the usual ones), and a
 * page that is watched in each.
 */
export function testWith(replies?: object[]): Test {
  return testOn(replies && { MODELS: modelsWith(replies) });
}

/** As `testWith`, on a server with these variables. */
export function testOn(environment: NodeJS.ProcessEnv | undefined): Test {
  return base.extend<{ watched: undefined }, { server: TestServer }>({
    server: [
      // eslint-disable-next-line no-empty-pattern -- Playwright reads the names of the fixtures from the pattern
      async ({}, use) => {
        const server = await TestServer.start(environment);
        await use(server);
        await server.stop();
      },
      { scope: 'worker' },
    ],
    watched: [
      async ({ page, server }, use) => {
        const faults = watch(page, server);
        await use(undefined);
        expect(faults).toEqual([]);
      },
      { auto: true },
    ],
  });
}

export const test = testWith();

/** Models whose answers may be long. */
function modelsWith(replies: object[]): string {
  const backend = { type: 'scripted', replies };
  const limits = { contextLength: 1_000_000, parameters: { max_new_tokens: 131_072 } };
  return JSON.stringify([{ id: 'scripted', name: 'Scripted', backend, ...limits }]);
}

export { expect } from '@playwright/test';
