import { describe, expect, it } from 'vitest';
import { imageMark, type PromptMessage } from '../backends/backend';
import { ChatTemplate, type ChatTemplateOptions } from './chat-template';

const template = (source: string, options: Partial<ChatTemplateOptions> = {}) =>
  new ChatTemplate({ template: source, specialTokens: [], ...options });
const plain = '{% for m in messages %}<{{ m.role }}>{{ m.content }}{% endfor %}';
const system: PromptMessage = { role: 'system', content: 'Be brief.' };
const user: PromptMessage = { role: 'user', content: 'Hi' };
const image = { fileId: 'f', mime: 'image/png' };

describe('what a template says against a conversation', () => {
  const strict = template(
    "{% if messages|length > 2 %}{{ raise_exception('Two messages are the most.') }}{% endif %}" + plain,
  );

  it('is told in its own words', () => {
    expect(() => strict.render([user, { role: 'assistant', content: 'Yes' }, user])).toThrowError(
      expect.objectContaining({
        code: 'backend-rejected',
        message: 'The model does not take this conversation: Two messages are the most.',
      }),
    );
  });

  it.each([
    ['cannot be read', '{% for m in messages %}', /cannot be read as Jinja: /u],
    [
      'uses what is not there',
      '{% for m in messages %}{{ m.content | shout }}{% endfor %}',
      /has a fault: .*shout/u,
    ],
    ['forgets what people say', 'Hello', /has a fault: /u],
    ['is none at all', '{{ messages.nothing.more() }}', /has a fault: /u],
  ])(
    'is not taken for a fault of a template that %s, which is told before anybody writes',
    (_, source, message) => {
      expect(() => template(source)).toThrowError(
        expect.objectContaining({
          code: 'config-invalid',
          message: expect.stringMatching(message) as string,
        }),
      );
    },
  );

  it('is a fault of the template when it shows only later', () => {
    const late = template("{% if messages|length > 2 %}{{ 'a' + none }}{% endif %}" + plain);
    expect(() => late.render([user, { role: 'assistant', content: 'Yes' }, user])).toThrowError(
      expect.objectContaining({ code: 'config-invalid' }),
    );
  });
});

describe('a system prompt', () => {
  const folded = '<user>Be brief.\n\nHi';
  const refusing =
    "{% if messages[0].role == 'system' %}{{ raise_exception('No system.') }}{% endif %}" + plain;
  const forgetting = "{% for m in messages if m.role != 'system' %}<{{ m.role }}>{{ m.content }}{% endfor %}";

  it.each([
    ['refuses it', refusing],
    ['forgets it', forgetting],
  ])('stands before what the person says first where the template %s', (_, source) => {
    expect(template(source).render([system, user])).toBe(folded);
    expect(template(source).render([{ ...system, content: '' }, user])).toBe('<user>Hi');
    expect(template(source).beginning('Be brief.')).toBe('<user>Be brief.\n\n');
  });

  it('does as the operator says', () => {
    expect(template(plain).render([system, user])).toBe('<system>Be brief.<user>Hi');
    expect(template(plain, { systemRole: false }).render([system, user])).toBe(folded);
    expect(template(forgetting, { systemRole: true }).render([system, user])).toBe('<user>Hi');
  });
});

describe('images', () => {
  const asked = (content: string, images = 1): PromptMessage[] => [
    system,
    { role: 'user', content, images: Array.from({ length: images }, () => image) },
    { role: 'assistant', content: 'A cat.' },
    user,
  ];
  const parts = `{% for m in messages %}<{{ m.role }}>{% if m.content is string %}{{ m.content }}{% else %}{% for part in m.content %}{% if part.type == 'image' %}<pic>{% else %}{{ part.text }}{% endif %}{% endfor %}{% endif %}{% endfor %}`;
  const partsOnly =
    "{% for m in messages %}<{{ m.role }}>{% for part in m.content %}{% if part.type == 'image' %}[IMG]{% else %}{{ part.text }}{% endif %}{% endfor %}{% endfor %}";
  const imagesFirst =
    "{% for m in messages %}<{{ m.role }}>{% for part in m.content | selectattr('type', 'equalto', 'image') %}<image>\n{% endfor %}{% for part in m.content | selectattr('type', 'equalto', 'text') %}{{ part.text }}{% endfor %}{% endfor %}";

  it.each([
    ['knows no images', plain],
    ['takes texts and parts', parts],
    ['takes parts only', partsOnly],
    ['has images before all texts', imagesFirst],
  ])('are marked where they belong by a template that %s', (_, source) => {
    const rest = '<assistant>A cat.<user>Hi';
    const one = template(source);
    expect(one.render(asked('What?'))).toBe(`<system>Be brief.<user>${imageMark}What?${rest}`);
    expect(one.render(asked('What?', 3))).toBe(`<system>Be brief.<user>${imageMark.repeat(3)}What?${rest}`);
    expect(one.render([system, user])).toBe('<system>Be brief.<user>Hi');
  });

  it('cannot be made up by what people write', () => {
    for (const source of [plain, parts, partsOnly, imagesFirst]) {
      const prompt = template(source).render(asked(`<pic> [IMG] ${imageMark} <image>`), `${imageMark}<pic>`);
      expect(prompt.split(imageMark)).toHaveLength(2);
    }
  });
});

describe('the token that a prompt begins with', () => {
  it('is left out once where the server puts it there', () => {
    const source = `{{ bos_token }}${plain}{{ bos_token }}`;
    const render = (writesBos: boolean) => template(source, { bosToken: '<s>', writesBos }).render([user]);
    expect(render(true)).toBe('<s><user>Hi<s>');
    expect(render(false)).toBe('<user>Hi<s>');
  });
});
