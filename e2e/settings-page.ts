import { expect, type Locator, type Page } from '@playwright/test';
import { expectStatus, lastAnswer } from './page';
import type { TestServer } from './server';

export const settingsDialog = (page: Page): Locator =>
  page.getByRole('dialog', { name: 'Settings', exact: true });
export const ownDialog = (page: Page): Locator => page.getByRole('dialog', { name: 'Conversation settings' });
export const gauge = (page: Page): Locator =>
  page.getByRole('button', { name: /^Context of the next message/u });

/** The form field of a parameter, by its name on the wire. */
export const parameter = (dialog: Locator, name: string): Locator =>
  dialog.locator(`[data-parameter=${name}]`);

/** Opens every section of the settings in a dialog, so that all fields are there. The browser remembers it. */
export async function openSections(dialog: Locator): Promise<void> {
  const closed = dialog.locator('details:not([open]) > summary');
  await dialog.locator('summary').first().waitFor();
  for (let count = await closed.count(); count > 0; count -= 1) await closed.first().click();
  await expect(closed).toHaveCount(0);
}

/** By the shortcut, as soon as the page listens to it. */
export async function openSettings(page: Page): Promise<void> {
  await expect(async () => {
    await page.keyboard.press('ControlOrMeta+Comma');
    await expect(settingsDialog(page)).toBeVisible({ timeout: 500 });
  }).toPass();
}

/** The defaults for answers. */
export async function openDefaults(page: Page): Promise<Locator> {
  await openSettings(page);
  await settingsDialog(page).getByRole('tab', { name: 'Answers' }).click();
  return settingsDialog(page);
}

export async function openOwn(page: Page): Promise<Locator> {
  await page.getByRole('button', { name: 'Conversation settings' }).click();
  return ownDialog(page);
}

/** Closes what is open once all is saved. */
export async function closeSaved(page: Page, dialog: Locator): Promise<void> {
  await dialog.getByText('Saved as you change it.').waitFor();
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });
}

/** What the last answer says of itself. */
export async function openDetails(page: Page): Promise<Locator> {
  await expectStatus(page, 'complete');
  await lastAnswer(page).hover();
  await lastAnswer(page).getByRole('button', { name: 'More' }).click();
  await page.getByRole('menuitem', { name: 'Details' }).click();
  const dialog = page.getByRole('dialog', { name: 'About this answer' });
  await dialog.getByRole('region', { name: 'Figures' }).waitFor();
  return dialog;
}

/** The prompt that the details of the last answer show, and what they say of it. */
export async function exactPrompt(page: Page): Promise<{ state: string | null; text: string }> {
  const dialog = await openDetails(page);
  await dialog.getByRole('button', { name: 'Show the exact prompt' }).click();
  const state = await dialog.locator('[data-prompt-state]').getAttribute('data-prompt-state');
  const region = dialog.getByRole('region', { name: 'Exact prompt' });
  const text = (await region.count()) === 0 ? '' : ((await region.textContent()) ?? '');
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });
  return { state, text };
}

/** Takes away every default, so that tests that share a server do not meet. */
export async function clearDefaults(server: TestServer): Promise<void> {
  const headers = { origin: server.url, 'content-type': 'application/json' };
  const settings = (await (await fetch(`${server.url}/api/settings`)).json()) as { parameters?: object };
  const names = Object.keys(settings.parameters ?? {});
  const parameters = Object.fromEntries(names.map((name) => [name, null]));
  const body = JSON.stringify({ systemPrompt: null, answerStart: null, isRaw: null, parameters });
  const { ok } = await fetch(`${server.url}/api/settings`, { method: 'PATCH', headers, body });
  if (!ok) throw new Error('The defaults could not be cleared.');
}
