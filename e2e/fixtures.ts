import { test as base, expect, type Page } from '@playwright/test';
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

/** A server with the scripted model for the tests of one file, and a page that is watched in each. */
export const test = base.extend<{ watched: undefined }, { server: TestServer }>({
  server: [
    // eslint-disable-next-line no-empty-pattern -- Playwright reads the names of the fixtures from the pattern
    async ({}, use) => {
      const server = await TestServer.start();
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

export { expect } from '@playwright/test';
