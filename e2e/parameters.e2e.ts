import { violations } from './axe';
import { expect, testOn } from './fixtures';
import { expectStatus, lastAnswer, send } from './page';
import { scriptedModels } from './server';
import {
  clearDefaults,
  closeSaved,
  exactPrompt,
  openDefaults,
  openDetails,
  openOwn,
  openSections,
  parameter,
} from './settings-page';

// What the local engine alone knows can be set, since it is among the models; the scripted one answers.
const local = { id: 'local', backend: { type: 'local', path: 'HuggingFaceTB/SmolLM2-135M-Instruct' } };
const test = testOn({ MODELS: JSON.stringify([...(JSON.parse(scriptedModels) as object[]), local]) });

test.beforeEach(async ({ page, server }) => {
  await clearDefaults(server);
  await page.goto(server.url);
});

test('a grammar, a switch, a bias and unwanted words are set, kept and shown again', async ({
  page,
  server,
}) => {
  const dialog = await openDefaults(page);
  await expect(parameter(dialog, 'grammar')).toBeHidden();
  await openSections(dialog);
  const grammar = parameter(dialog, 'grammar');
  await grammar.getByRole('combobox').selectOption('JSON schema');
  const schema = grammar.getByRole('textbox', { name: 'JSON schema' });
  await schema.fill('{"type": "object"');
  await expect(grammar.getByRole('status')).toContainText('This is not JSON yet.');
  await expect(schema).toHaveAttribute('aria-invalid', 'true');
  await schema.fill('{"type": "object"}');
  await expect(grammar.getByRole('status')).toContainText('The answer is JSON that this schema allows.');
  await parameter(dialog, 'early_stopping').getByRole('switch').check();
  await expect(parameter(dialog, 'early_stopping')).toContainText('Does nothing while Beams is 1.');
  const bias = parameter(dialog, 'logit_bias');
  await bias.getByRole('textbox', { name: 'Text', exact: true }).fill(' however');
  await bias.getByRole('textbox', { name: 'Bias', exact: true }).fill('-100,5');
  await expect(bias).toContainText('each with a number from -100 to 100');
  await bias.getByRole('textbox', { name: 'Bias', exact: true }).fill('-2,5');
  await page.keyboard.press('Enter');
  await bias.getByRole('combobox').selectOption('Token id');
  await bias.getByRole('textbox', { name: 'Token id' }).fill('#123');
  await bias.getByRole('textbox', { name: 'Bias', exact: true }).fill('4');
  await bias.getByRole('button', { name: 'Add' }).click();
  await expect(bias.getByRole('listitem')).toHaveCount(2);
  const words = parameter(dialog, 'bad_words');
  await words.getByRole('textbox', { name: 'Add an unwanted word' }).fill('delve');
  await page.keyboard.press('Enter');
  await parameter(dialog, 'max_time').getByRole('textbox').fill('30');
  await closeSaved(page, dialog);
  const stored: unknown = await (await fetch(`${server.url}/api/settings`)).json();
  const parameters = {
    grammar: { type: 'json', value: { type: 'object' } },
    early_stopping: true,
    logit_bias: [
      { text: ' however', bias: -2.5 },
      { token: 123, bias: 4 },
    ],
    bad_words: ['delve'],
    max_time: 30,
  };
  expect(stored).toEqual({ parameters });
  await page.reload();
  const again = await openDefaults(page);
  await expect(parameter(again, 'grammar').getByRole('combobox')).toHaveValue('json');
  await expect(parameter(again, 'early_stopping').getByRole('switch')).toBeChecked();
  await expect(again.getByRole('region', { name: 'Output' })).toContainText('1 set');
  await parameter(again, 'logit_bias').getByRole('button', { name: 'Remove #123' }).click();
  await parameter(again, 'max_time').getByRole('textbox').fill('');
  await parameter(again, 'grammar').getByRole('combobox').selectOption('None');
  await again.getByRole('region', { name: 'Beam search' }).locator('summary').click();
  await closeSaved(page, again);
  await send(page, 'Hello');
  const facts = (await openDetails(page)).getByRole('region', { name: 'Parameters' });
  await expect(facts).toContainText('" however" −2.5');
  await expect(facts).toContainText('"delve"');
  await expect(facts).not.toContainText('Guided output');
});

test('three answers at once are versions of one, and each is whole', async ({ page }) => {
  const dialog = await openOwn(page);
  await openSections(dialog);
  await parameter(dialog, 'num_return_sequences').getByRole('textbox').fill('3');
  await closeSaved(page, dialog);
  await send(page, 'Hello');
  await expectStatus(page, 'complete');
  await expect(lastAnswer(page)).toContainText('1 / 3');
  for (const place of ['2 / 3', '3 / 3']) {
    await lastAnswer(page).getByRole('button', { name: 'Next version' }).click();
    await expect(lastAnswer(page)).toContainText(place);
    await expect(lastAnswer(page)).toHaveAttribute('data-status', 'complete');
    await expect(page.locator('.prose').last()).toHaveText('You said Hello. Here is a short answer.');
  }
});

test('a raw completion is the texts alone, with the start of the answer, as the exact prompt shows', async ({
  page,
}) => {
  const dialog = await openOwn(page);
  await openSections(dialog);
  await dialog.getByRole('textbox', { name: 'System prompt' }).fill('You are a pirate.');
  await dialog.getByRole('textbox', { name: 'Answer starts with' }).fill(' a time');
  await dialog.getByRole('switch', { name: 'Raw completion' }).check();
  await expect(dialog.getByText('Raw completion is on: it is not told now.')).toBeVisible();
  await closeSaved(page, dialog);
  await send(page, 'Once upon');
  await expectStatus(page, 'complete');
  await expect(page.locator('.prose').last()).toContainText('a time');
  expect(await exactPrompt(page)).toEqual({ state: 'same', text: 'Once upon a time' });
  const facts = (await openDetails(page)).getByRole('region', { name: 'Parameters' });
  await expect(facts).toContainText(/Raw completion isRaw\s*on/u);
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`how likely each token was is there to see, by keyboard too, ${colorScheme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme });
    await send(page, 'Hello');
    await expectStatus(page, 'complete');
    const menu = async () => {
      await lastAnswer(page).hover();
      await lastAnswer(page).getByRole('button', { name: 'More' }).click();
      return page.getByRole('menu', { name: 'More' });
    };
    await expect((await menu()).getByRole('menuitem', { name: 'Token probabilities' })).toBeHidden();
    await page.keyboard.press('Escape');
    const own = await openOwn(page);
    await openSections(own);
    expect(await violations(page)).toEqual([]);
    await parameter(own, 'top_logprobs').getByRole('textbox').fill('3');
    await closeSaved(page, own);
    await send(page, 'Again');
    await expect(page.locator('.prose')).toHaveCount(2);
    await expectStatus(page, 'complete');
    await page.reload();
    await (await menu()).getByRole('menuitem', { name: 'Token probabilities' }).click();
    const dialog = page.getByRole('dialog', { name: 'Token probabilities' });
    const tokens = dialog.getByRole('option');
    await expect(dialog).toContainText('8 tokens');
    await expect(tokens).toHaveText(['You', ' said', ' Again.', ' Here', ' is', ' a', ' short', ' answer.']);
    await tokens.nth(1).click();
    await expect(dialog.getByRole('heading', { name: 'The likeliest in its place' })).toBeVisible();
    await expect(dialog.getByRole('listitem').filter({ hasText: '(chosen)' })).toContainText('␣said');
    await expect(dialog.getByRole('listitem').filter({ hasText: '(chosen)' })).toContainText('74 %');
    await page.keyboard.press('ArrowRight');
    await expect(tokens.nth(2)).toBeFocused();
    await expect(tokens.nth(2)).toHaveAccessibleName('␣Again., 41 %');
    await tokens.nth(4).hover();
    await expect(dialog.getByRole('listitem').filter({ hasText: '(chosen)' })).toContainText('␣is');
    expect(await violations(page)).toEqual([]);
    await page.setViewportSize({ width: 320, height: 640 });
    const overflow = dialog.locator('.overflow-y-auto').first();
    expect(await overflow.evaluate((element) => element.scrollWidth - element.clientWidth)).toBe(0);
    await expect(dialog.getByRole('heading', { name: 'The likeliest in its place' })).toBeInViewport();
    await page.keyboard.press('Escape');
    await expect(dialog).toBeHidden();
  });
}
