import type { Locator, Page } from '@playwright/test';

export const picker = (page: Page): Locator => page.getByTitle('Choose a model');
export const pickerPanel = (page: Page): Locator => page.getByRole('dialog', { name: 'Choose a model' });
export const option = (page: Page, name: string): Locator =>
  pickerPanel(page)
    .getByRole('option')
    .filter({ has: page.getByText(name, { exact: true }) });

/** Chooses a model by its name. */
export async function chooseModel(page: Page, name: string): Promise<void> {
  await picker(page).click();
  await option(page, name).click();
}
