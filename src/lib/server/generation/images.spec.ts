import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { makePng } from '../../domain/__fixtures__/png';
import { partOfFile, type FileInfo } from '../../domain/files';
import { textOf } from '../../domain/parts';
import { toPortable, type WholeConversation } from '../../domain/portable';
import type { StartReplies } from '../../domain/requests';
import type { App } from '../app';
import { jsonDocument } from '../http/conversation-files';
import {
  appOf,
  closeApps,
  conversationIn,
  generationIdOf,
  messageIdOf,
  messageIn,
  owner,
  readAll,
} from './fixtures';

afterEach(closeApps);

const replies = [{ text: 'I see {images}: {input}' }];
const models = [
  { id: 'sees', backend: { type: 'scripted', replies, images: true }, contextLength: 20_000 },
  { id: 'blind', name: 'Blind', backend: { type: 'scripted', replies }, contextLength: 20_000 },
  {
    id: 'rendered',
    backend: { type: 'scripted', replies, images: true },
    chatTemplate: '{% for m in messages %}<{{ m.content }}>{% endfor %}',
  },
  {
    id: 'one',
    name: 'One',
    backend: { type: 'scripted', replies, images: { maxCount: 1, mimeTypes: ['image/png'] } },
  },
];
const small = makePng(4, 3);
const large = makePng(40, 30, [10, 200, 30], 1);

function upload(app: App, bytes: Uint8Array, of = owner, id: string = randomUUID()): Promise<FileInfo> {
  return app.files.add(of, { id, name: 'photo.png', bytes });
}

function ask(
  modelId: string,
  text: string,
  images: FileInfo[] = [],
  parentId: string | null = null,
): StartReplies {
  const texts = text === '' ? [] : [{ type: 'text' as const, text }];
  return {
    parentId,
    userMessage: { id: randomUUID(), parts: [...images.map(partOfFile), ...texts] },
    replies: [{ generationId: randomUUID(), messageIds: [randomUUID()], modelId }],
  };
}

async function answerTo(app: App, conversationId: string, request: StartReplies) {
  await app.generations.start(owner, conversationId, request);
  await readAll(app, generationIdOf(request));
  const message = await messageIn(app, conversationId, messageIdOf(request));
  return { text: textOf(message?.parts ?? []), warnings: message?.warnings, id: message?.id ?? '' };
}

describe('images', () => {
  it('reach the model byte by byte, with a text and without', async () => {
    const app = await appOf(models);
    const id = await conversationIn(app);
    const images = [await upload(app, small), await upload(app, large)];
    expect(images[0]).toMatchObject({ name: 'photo.png', mime: 'image/png', width: 4, height: 3 });
    const first = await answerTo(app, id, ask('sees', 'What is this?', images));
    const sizes = `${String(small.length)}, ${String(large.length)} bytes`;
    expect(first).toMatchObject({ text: `I see 2 images (${sizes}): What is this?`, warnings: undefined });
    const second = await answerTo(app, id, ask('sees', '', images.slice(0, 1), first.id));
    expect(second.text).toBe(
      `I see 3 images (${sizes.replace(' bytes', '')}, ${String(small.length)} bytes): `,
    );
  });

  it('have their place in a rendered prompt, which nothing that people write can take', async () => {
    const app = await appOf(models);
    const id = await conversationIn(app);
    const image = await upload(app, small);
    const request = ask('rendered', 'no \u{F8FF} mark', [image]);
    const { text } = await answerTo(app, id, request);
    expect(text).toBe(`I see 1 images (${String(small.length)} bytes): <\u{F8FF}no  mark>`);
    const exact = await app.prompts.exact(owner, generationIdOf(request));
    expect(exact).toMatchObject({ state: 'same', prompt: { text: '<\u{F8FF}no  mark>' } });
  });

  it('are refused before anything is stored: another owner, a false word, a model that takes them not or not so many', async () => {
    const app = await appOf(models);
    const id = await conversationIn(app);
    const [image, others] = [await upload(app, small), await upload(app, small, 'other')];
    const start = (request: StartReplies) => app.generations.start(owner, id, request);
    await expect(start(ask('sees', 'x', [others]))).rejects.toMatchObject({ code: 'not-found' });
    await expect(start(ask('sees', 'x', [{ ...image, width: 5 }]))).rejects.toMatchObject({
      code: 'invalid-input',
    });
    await expect(start(ask('blind', 'x', [image]))).rejects.toThrow(
      'Blind cannot see images: choose another',
    );
    await expect(start(ask('one', 'x', [image, image]))).rejects.toThrow('One takes one image in a message');
    expect((await app.generations.snapshot(owner, id)).messages).toEqual([]);
    await expect(app.files.get('other', image.id)).rejects.toMatchObject({ code: 'not-found' });
  });

  it('of earlier turns are left out for a model that does not see them, which it says', async () => {
    const app = await appOf(models);
    const id = await conversationIn(app);
    const images = [await upload(app, small), await upload(app, large)];
    const first = await answerTo(app, id, ask('sees', '', images));
    const blind = await answerTo(app, id, ask('blind', 'And now?', [], first.id));
    const text = 'This model cannot see images: 2 images of this conversation did not reach it.';
    expect(blind).toMatchObject({
      text: 'I see 0 images ( bytes): And now?',
      warnings: [{ code: 'images-left-out', text }],
    });
    const one = await answerTo(app, id, ask('one', 'And you?', [], first.id));
    expect(one.text).toContain('I see 1 images');
    expect(one.warnings?.[0]?.text).toContain('does not take all images: 1 image of');
  });

  it('are known by their bytes and kept once', async () => {
    const app = await appOf(models);
    const id = randomUUID();
    const first = await upload(app, small, owner, id);
    expect(await upload(app, small, owner, id)).toEqual(first);
    await expect(upload(app, large, owner, id)).rejects.toMatchObject({ code: 'conflict' });
    for (const text of ['', '<svg xmlns="http://www.w3.org/2000/svg"/>', 'GIF89']) {
      await expect(upload(app, Buffer.from(text))).rejects.toThrow('JPEG, PNG, WebP or GIF');
    }
    const bomb = Buffer.from(small);
    bomb.writeUInt32BE(60_000, 16);
    await expect(upload(app, bomb)).rejects.toThrow('too large');
  });

  it('count in the gauge and in what fits', async () => {
    const app = await appOf(models);
    const measure = (modelId: string, imageCount: number) =>
      app.prompts.measure(owner, { modelId, text: 'x', imageCount, parentId: null });
    const [none, two, unseen] = [
      await measure('sees', 0),
      await measure('sees', 2),
      await measure('blind', 2),
    ];
    expect(two.promptTokens - none.promptTokens).toBe(2400);
    expect(unseen.promptTokens).toBe(none.promptTokens);
    expect(two.isExact).toBe(false);
    const id = await conversationIn(app);
    const image = await upload(app, small);
    const many = ask(
      'rendered',
      'x',
      Array.from({ length: 8 }, () => image),
    );
    // Its context is the default of 8192 tokens.
    await expect(app.generations.start(owner, id, many)).rejects.toMatchObject({ code: 'context-too-long' });
  });
});

describe('an export with images', () => {
  it('brings them to another server, also when an id is taken there', async () => {
    const [app, other] = [await appOf(models), await appOf(models)];
    const id = await conversationIn(app);
    const image = await upload(app, small);
    await answerTo(app, id, ask('sees', 'Look', [image]));
    await answerTo(app, id, ask('sees', 'Again', [image]));
    const file = await exported(app);
    expect(file.conversations[0]).toMatchObject({
      files: [{ id: image.id, bytes: small.toString('base64') }],
    });
    await upload(other, large, owner, image.id);
    for (const of of ['empty', owner]) {
      expect(await other.collection.import(of, file.conversations)).toMatchObject({
        imported: 1,
        refused: 0,
      });
      expect(await other.collection.import(of, file.conversations)).toMatchObject({ skipped: 1, refused: 0 });
      const [whole] = (await exported(other, of)).conversations as {
        files: { id: string; bytes: string }[];
      }[];
      expect(whole?.files.map(({ bytes }) => bytes)).toEqual([small.toString('base64')]);
      expect(whole?.files[0]?.id === image.id).toBe(of === 'empty');
    }
    expect(Buffer.from((await other.files.get(owner, image.id)).bytes).equals(large)).toBe(true);
  });

  it('is refused without them, unless they are there, and with what is no image', async () => {
    const [app, other] = [await appOf(models), await appOf(models)];
    const id = await conversationIn(app);
    const image = await upload(app, small);
    await answerTo(app, id, ask('sees', 'Look', [image]));
    const bare = JSON.parse(JSON.stringify(toPortable(await app.collection.whole(owner, id)))) as object;
    const refused = await other.collection.import(owner, [bare]);
    expect(refused).toMatchObject({
      refused: 1,
      faults: [{ message: 'A file of this message is not there.' }],
    });
    const bytes = Buffer.from('<svg/>').toString('base64');
    const files = [{ ...image, createdAt: image.createdAt.toISOString(), bytes }];
    expect((await other.collection.import(owner, [{ ...bare, files }])).faults[0]?.message).toContain('JPEG');
    await upload(other, small, owner, image.id);
    expect(await other.collection.import(owner, [bare])).toMatchObject({ imported: 1 });
  });
});

async function exported(app: App, of = owner): Promise<{ conversations: unknown[] }> {
  const wholes: WholeConversation[] = [];
  for await (const whole of app.collection.all(of)) wholes.push(whole);
  let text = '';
  for await (const piece of jsonDocument(wholes, new Date(), (id) => app.files.get(of, id))) text += piece;
  return JSON.parse(text) as { conversations: unknown[] };
}
