import { expect, it } from 'vitest';
import { plainText } from './plain-text';

it.each([
  ['emphasis and code', 'Some **bold**, *soft*, ~~old~~ and `code`.', 'Some bold, soft, old and code.'],
  ['headings and paragraphs', '# One\n\nTwo\nthree\n\n\nFour', 'One\n\nTwo\nthree\n\nFour'],
  ['a list', '- one\n- two\n  - inner\n- three', '- one\n- two\n  - inner\n- three'],
  ['numbers', '3. three\n4. four', '3. three\n4. four'],
  ['tasks', '- [x] done\n- [ ] open', '- ☑ done\n- ☐ open'],
  ['a table', '| a | b |\n|---|---|\n| 1 | **2** |', 'a\tb\n1\t2'],
  ['a quotation', '> said\n> so', 'said\nso'],
  ['code', '```js\nif (a < b && c) {\n  return "x";\n}\n```', 'if (a < b && c) {\n  return "x";\n}'],
  ['a link', '[page](https://example.com/a)', 'page (https://example.com/a)'],
  ['a bare address', 'https://example.com/a', 'https://example.com/a'],
  ['a picture', '![a cat](https://example.com/cat.png)', 'a cat'],
  ['markup as it was written', 'a <b>c</b> & d &lt; e', 'a <b>c</b> & d < e'],
  ['escapes', '\\*not soft\\* and 2 \\< 3', '*not soft* and 2 < 3'],
  ['lines', 'one  \ntwo', 'one\ntwo'],
  ['a rule', 'a\n\n---\n\nb', 'a\n\n---\n\nb'],
  ['nothing', '', ''],
])('%s reads as its text', (_, markdown, text) => {
  expect(plainText(markdown)).toBe(text);
});
