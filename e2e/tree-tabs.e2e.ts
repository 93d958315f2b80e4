import { expect } from './fixtures';
import { answers, composer, expectStatus, lastAnswer } from './page';
import { ask, choose, editor, press, questions, test } from './tree-page';

test.beforeEach(async ({ page, server }) => {
  await page.goto(server.url);
});

test('two tabs edit the same message at once, and both answers are versions of it', async ({
  page,
  context,
}) => {
  await ask(page, 'first words');
  const second = await context.newPage();
  await second.goto(page.url());
  for (const tab of [page, second]) {
    await questions(tab).first().hover();
    await press(questions(tab).first(), 'Edit');
    await editor(tab).fill(tab === page ? 'from the first' : 'from the second');
  }
  await Promise.all([page.keyboard.press('Enter'), second.keyboard.press('Enter')]);
  // Each goes on reading its own.
  await expect(lastAnswer(page)).toContainText('You said from the first.');
  await expect(lastAnswer(second)).toContainText('You said from the second.');
  for (const tab of [page, second]) {
    await tab.reload();
    const question = questions(tab).first();
    await expect(question.getByText(/^\d \/ 3$/u)).toBeVisible();
    const texts = new Set<string>();
    for (let step = 0; step < 2; step += 1) {
      const back = question.getByRole('button', { name: 'Previous version' });
      if (await back.isEnabled()) await back.click();
    }
    for (const number of [1, 2, 3]) {
      await expect(question.getByText(`${String(number)} / 3`)).toBeVisible();
      await expect(lastAnswer(tab)).toHaveAttribute('data-status', 'complete');
      texts.add(await lastAnswer(tab).locator('.prose').innerText());
      if (number < 3) await press(question, 'Next version');
    }
    expect([...texts].sort()).toEqual([
      'You said first words.',
      'You said from the first.',
      'You said from the second.',
    ]);
  }
});

test('what is being edited goes into the composer when another tab deletes the message', async ({
  page,
  context,
}) => {
  await ask(page, 'first words');
  const second = await context.newPage();
  await second.goto(page.url());
  await questions(second).first().hover();
  await press(questions(second).first(), 'Edit');
  await editor(second).fill('half a thought');
  await choose(page, questions(page).first(), 'More', 'Delete');
  await expect(editor(second)).toBeHidden();
  await expect(composer(second)).toHaveValue('half a thought');
  for (const tab of [page, second])
    await expect(tab.getByText('Nothing is left of this conversation.')).toBeVisible();
  await composer(second).press('Enter');
  await expect(lastAnswer(page)).toContainText('You said half a thought.');
});

test('no tab is torn from what it shows; a message that goes on from there is followed', async ({
  page,
  context,
}) => {
  await ask(page, 'hello');
  const second = await context.newPage();
  await second.goto(page.url());
  await expect(answers(second)).toHaveCount(1);
  await press(lastAnswer(page), 'Retry');
  await expect(page.getByText('2 / 2')).toBeVisible();
  await expectStatus(page, 'complete');
  await expect(second.getByText('1 / 2')).toBeVisible();
  await ask(page, 'below the second version');
  await expect(second.getByText('1 / 2')).toBeVisible();
  await expect(answers(second)).toHaveCount(1);
  await press(lastAnswer(second), 'Next version');
  await expect(answers(second)).toHaveCount(2);
  await ask(page, 'followed');
  await expect(answers(second)).toHaveCount(3);
  await expect(lastAnswer(second)).toContainText('You said followed.');
});
