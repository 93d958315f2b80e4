import type { Page } from 'playwright-core';
import { connectionStates } from './screenshot-connections';
import type { ModelSummary } from '../src/lib/domain/model-summary';
import { manyModels, showcased } from './screenshot-models';
import { imageStates } from './screenshot-images';

/** Brings a fresh page into the state that is to be seen. */
type Arrange = (page: Page, isPhone: boolean) => Promise<void>;

const rich = `## Sorting in Python

Use \`sorted\` for a new list and \`list.sort\` to change one in place. Both take a *key*:

\`\`\`python
people = [("Ada", 36), ("Grace", 85), ("Alan", 41)]
by_age = sorted(people, key=lambda person: person[1])
print(by_age)  # [('Ada', 36), ('Alan', 41), ('Grace', 85)]
\`\`\`

| Way           | Changes the list | Returns  |
| ------------- | :--------------: | -------- |
| \`sorted(x)\`   |        no        | new list |
| \`x.sort()\`    |       yes        | \`None\`   |

Both take $O(n \\log n)$ steps and are **stable**: what is equal keeps its order. See the
[documentation](https://docs.python.org/3/howto/sorting.html) for more.

> A key is computed once for each element.`;

const drawn = `The area under the bell curve is a whole:

$$\\int_{-\\infty}^{\\infty} e^{-x^2}\\,dx = \\sqrt{\\pi}$$

It costs $5 and not $10 to know that.[^gauss]

\`\`\`mermaid
flowchart LR
  A[Question] --> B{Known?}
  B -->|yes| C[Answer]
  B -->|no| D[Look it up]
  D --> C
\`\`\`

- [x] Ask
- [ ] Check

[^gauss]: Found by Gauss, it is said.`;

/** Models whose answers look like those of a good one. */
export const showcaseModels = JSON.stringify([
  {
    id: 'showcase',
    name: 'Showcase 7B',
    backend: {
      type: 'scripted',
      images: true,
      replies: [
        { when: 'sort', text: rich, tokensPerSecond: 2000 },
        {
          when: 'curve',
          reasoning: 'The integral of a Gaussian. Square it, and go over to polar coordinates.',
          text: drawn,
          tokensPerSecond: 2000,
        },
        { when: 'story', text: 'Once upon a time there was a lighthouse. '.repeat(80), tokensPerSecond: 30 },
        {
          when: 'break',
          text: 'The first half of an answer that',
          failsAfter: 6,
          failsWith: 'backend-unreachable',
        },
        { text: 'Of course. Here is a short and friendly answer to “{input}”.', tokensPerSecond: 2000 },
      ],
    },
  },
  { id: 'second', name: 'Another 3B', backend: { type: 'scripted', replies: [{ text: 'Yes.' }] } },
  // What it knows can be set; nobody asks it anything.
  {
    id: 'local',
    name: 'SmolLM2 135M',
    backend: { type: 'local', path: 'HuggingFaceTB/SmolLM2-135M-Instruct' },
  },
]);

const field = (page: Page) => page.getByRole('textbox', { name: 'Message', exact: true });

async function say(page: Page, text: string, until = 'complete'): Promise<void> {
  await field(page).fill(text);
  await page.getByRole('button', { name: 'Send message' }).click();
  await page.locator(`[data-message-role="assistant"][data-status="${until}"]`).last().waitFor();
}

/** Opens a section of the defaults for answers. */
async function openSection(page: Page, heading: string): Promise<void> {
  await field(page).press('ControlOrMeta+,');
  await page.getByRole('tab', { name: 'Answers' }).click();
  await page.getByRole('region', { name: heading }).locator('summary').click();
}

/** Many models, described as operators describe them; they are for the lists, and answer nothing. */
async function describeModels(page: Page): Promise<void> {
  await page.route('**/api/models', async (route) => {
    const response = await route.fetch();
    const body = (await response.json()) as { models: ModelSummary[] };
    const [model] = body.models;
    const models = model ? [...body.models, ...manyModels(model)] : [];
    const described = models.map((one) => (one.id === 'showcase' ? { ...one, ...showcased } : one));
    await route.fulfill({ response, json: { ...body, models: described } });
  });
  await page.route('**/api/models/retired', async (route) => {
    const response = await route.fetch({ url: route.request().url().replace('retired', 'second') });
    const model = (await response.json()) as ModelSummary;
    await route.fulfill({ json: manyModels(model).find(({ id }) => id === 'retired') });
  });
}

/** The states of the page, each a picture. */
export const states: Record<string, Arrange> = {
  ...imageStates,
  welcome: async (page) => {
    await field(page).waitFor();
  },
  answer: (page) => say(page, 'How do I sort a list in Python?'),
  conversation: async (page) => {
    await say(page, 'Which cheese goes with pears?');
    await say(page, 'And which wine?');
    await say(page, 'Thank you!');
  },
  streaming: async (page) => {
    await say(page, 'Tell me a story', 'running');
    await page.waitForTimeout(1500);
  },
  queue: async (page) => {
    await say(page, 'Tell me a story', 'running');
    await say(page, 'Make it shorter', 'running');
    await field(page).fill('And give it a happy end');
  },
  failed: (page) => say(page, 'Please break', 'failed'),
  formulas: async (page) => {
    await say(page, 'What is the area under the curve?');
    await page.getByRole('img', { name: /diagram/iu }).waitFor();
  },
  menu: async (page) => {
    await say(page, 'How do I sort a list in Python?');
    await page.getByRole('button', { name: 'More' }).last().click();
  },
  editing: async (page) => {
    await say(page, 'Which cheese goes with pears?');
    await page.locator('[data-message-role="user"]').hover();
    await page.locator('[data-message-role="user"]').getByRole('button', { name: 'Edit' }).click();
  },
  details: async (page) => {
    await say(page, 'How do I sort a list in Python?');
    await page.getByRole('button', { name: 'More' }).last().click();
    await page.getByRole('menuitem', { name: 'Details' }).click();
    await page.getByRole('button', { name: 'Show the exact prompt' }).click();
  },
  search: async (page, isPhone) => {
    if (isPhone) await page.getByRole('button', { name: 'Show or hide the sidebar' }).click();
    await page.getByRole('textbox', { name: 'Search conversations' }).fill('sort list');
    await page.waitForTimeout(500);
  },
  palette: async (page) => {
    await field(page).press('ControlOrMeta+k');
    await page.waitForTimeout(300);
  },
  settings: async (page) => {
    await field(page).press('ControlOrMeta+,');
    await page.getByRole('tab', { name: 'Answers' }).click();
  },
  'settings-models': async (page) => {
    await field(page).press('ControlOrMeta+,');
    await page.getByRole('tab', { name: 'Models' }).click();
  },
  bundled: async (page) => {
    await page.route('**/api/models', async (route) => {
      const response = await route.fetch();
      const body = (await response.json()) as { models: ModelSummary[] };
      const models = body.models.map((model) => ({ ...model, isBundled: true }));
      await route.fulfill({ response, json: { ...body, models } });
    });
    // Which asks for the models.
    await page.getByTitle('Choose a model').click();
    await page.keyboard.press('Escape');
    await page.getByText('How to connect a better one').click();
  },
  sections: async (page) => {
    await openSection(page, 'Output');
    await page.getByRole('combobox', { name: 'Guided output' }).selectOption('json');
    await page
      .getByRole('textbox', { name: 'JSON schema' })
      .fill('{\n  "type": "object",\n  "properties": }');
    await page.getByRole('combobox', { name: 'Guided output' }).scrollIntoViewIfNeeded();
  },
  biases: async (page) => {
    await openSection(page, 'Choosing words');
    const field = page.locator('[data-parameter=logit_bias]');
    for (const [kind, what, bias] of [
      ['text', ' however', '-100'],
      ['token', '1234', '4,5'],
    ] as const) {
      await field.getByRole('combobox').selectOption(kind);
      await field.getByRole('textbox', { name: kind === 'text' ? 'Text' : 'Token id' }).fill(what);
      await field.getByRole('textbox', { name: 'Bias', exact: true }).fill(bias);
      await field.getByRole('button', { name: 'Add' }).click();
    }
    await field.getByRole('button', { name: 'Add' }).scrollIntoViewIfNeeded();
  },
  raw: async (page) => {
    await openSection(page, 'Prompt and start');
    await page.getByRole('textbox', { name: 'Answer starts with' }).fill('Sure, here is the list:');
    await page.getByRole('switch', { name: 'Raw completion' }).check();
    await page.getByRole('switch', { name: 'Raw completion' }).scrollIntoViewIfNeeded();
  },
  tokens: async (page) => {
    await openSection(page, 'Output');
    await page.locator('[data-parameter=top_logprobs]').getByRole('textbox').fill('4');
    await page.locator('[data-parameter=num_return_sequences]').getByRole('textbox').fill('3');
    await page.keyboard.press('Escape');
    await page.waitForTimeout(500);
    await say(page, 'How do I sort a list in Python?');
    await page.getByRole('button', { name: 'More' }).last().click();
    await page.getByRole('menuitem', { name: 'Token probabilities' }).click();
    await page.getByRole('option').nth(12).click();
  },
  picker: async (page) => {
    await describeModels(page);
    await say(page, 'Which cheese goes with pears?');
    await page.getByTitle('Choose a model').click();
    await page.waitForTimeout(400);
  },
  'several-models': async (page) => {
    await describeModels(page);
    await say(page, 'Which cheese goes with pears?');
    await page.getByTitle('Choose a model').click();
    await page.getByRole('option', { name: /^Another 3B/u }).click();
    await say(page, 'And which wine?');
  },
  models: async (page) => {
    await describeModels(page);
    await page.goto('/models');
    await page.waitForTimeout(400);
  },
  model: async (page) => {
    await describeModels(page);
    await page.goto('/models/showcase');
    await page.waitForTimeout(400);
  },
  retired: async (page) => {
    await describeModels(page);
    await page.goto('/?model=retired');
    await page.getByTitle('Choose a model').click();
    await page.keyboard.press('Escape');
    await page.waitForTimeout(300);
  },
  ...connectionStates,
  data: async (page, isPhone) => {
    await say(page, 'Which cheese goes with pears?');
    if (isPhone) await page.getByRole('button', { name: 'Show or hide the sidebar' }).click();
    await page.getByRole('button', { name: 'Your data' }).click();
  },
  sidebar: async (page, isPhone) => {
    await say(page, 'Which cheese goes with pears?');
    await say(page, 'And which wine?');
    if (isPhone) await page.getByRole('button', { name: 'Show or hide the sidebar' }).click();
    const row = page.getByRole('navigation', { name: 'Conversations' }).getByRole('listitem').first();
    await row.getByRole('button', { name: /options/iu }).click();
  },
};
