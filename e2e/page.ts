import { expect, type Locator, type Page } from '@playwright/test';

export const composer = (page: Page): Locator => page.getByRole('textbox', { name: 'Message', exact: true });
export const answers = (page: Page): Locator => page.locator('[data-message-role="assistant"]');
export const lastAnswer = (page: Page): Locator => answers(page).last();
export const sidebar = (page: Page): Locator => page.getByRole('navigation', { name: 'Conversations' });

/** Writes a message and sends it with Enter. */
export async function send(page: Page, text: string): Promise<void> {
  await composer(page).fill(text);
  await composer(page).press('Enter');
}

/** Goes to a new chat. What is written before it is there would stay with the conversation that is left. */
export async function startChat(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'New chat' }).first().click();
  await expect(page).toHaveURL(/\/$/u);
  await expect(answers(page)).toHaveCount(0);
}

/** Waits until the last answer has this status. */
export async function expectStatus(page: Page, status: string): Promise<void> {
  await expect(lastAnswer(page)).toHaveAttribute('data-status', status);
}

/** What the last answer says, without the words around it. */
export function answerText(page: Page): Promise<string> {
  return lastAnswer(page).locator('.prose').innerText();
}

/** The numbers of the words `w0 w1 ...` that the last answer shows. */
export async function shownWords(page: Page): Promise<number[]> {
  const text = await lastAnswer(page).innerText();
  return [...text.matchAll(/\bw(\d+)\b/gu)].map(([, number]) => Number(number));
}

/** Waits until at least so many words are shown. */
export async function expectWords(page: Page, count: number): Promise<void> {
  await expect
    .poll(async () => (await shownWords(page)).length, { timeout: 30_000 })
    .toBeGreaterThanOrEqual(count);
}

/** The words are 0, 1, 2 ... without a gap and without one twice. */
export async function expectWholeWords(page: Page): Promise<number[]> {
  const numbers = await shownWords(page);
  expect(numbers).toEqual(numbers.map((_, index) => index));
  return numbers;
}
