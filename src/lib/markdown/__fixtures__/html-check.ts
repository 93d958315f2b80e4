/** Elements that an answer may consist of, and the attributes of each. */
const elements: Record<string, RegExp> = {
  a: /^(?:href="(?:https?:|mailto:)[^"]*"|href="#note-[^"]*"|target="_blank"|rel="noopener noreferrer nofollow"|id="note-ref-[^"]*"|class="footnote-back"|aria-label="[^"]*")$/u,
  button:
    /^(?:type="button"|data-action="(?:copy|wrap|download|source)"|aria-label="[^"]*"|title="[^"]*"|aria-pressed="false")$/u,
  div: /^(?:class="(?:code-block|code-head|code-actions|table-scroll)"|dir="ltr"|data-(?:language|extension|grammar)="[\w+#.-]*"|tabindex="0"|role="region"|aria-label="Table")$/u,
  li: /^(?:class="task"|id="note-[^"]*"|value="\d+"|tabindex="-1")$/u,
  ol: /^start="\d+"$/u,
  p: /^class="raw"$/u,
  pre: /^(?:tabindex="0"|role="group"|aria-label="[^"]*")$/u,
  section: /^(?:class="footnotes"|aria-label="Footnotes")$/u,
  span: /^(?:class="(?:code-chunk|task-box|task-box is-done|formula|katex|hljs-[-\w ]+|language-[-\w]+)"|data-word|data-formula="(?:inline|display)"|role="img"|aria-label="(?:Done|To do)")$/u,
  sup: /^(?:class="footnote"|data-footnote="[^"]*")$/u,
  svg: /^(?:width|height|viewBox|fill|stroke|stroke-width|stroke-linecap|stroke-linejoin|aria-hidden)="[\w ]+"$/u,
  rect: /^(?:x|y|width|height|rx)="[\d.]+"$/u,
  path: /^d="[^"]*"$/u,
  th: /^class="to-(?:center|right)"$/u,
  td: /^class="to-(?:center|right)"$/u,
};
const plain =
  'blockquote br code del em h3 h4 h5 h6 hr strong table tbody thead tr ul annotation math semantics mrow mi mo mn mtext ' +
  'mspace mstyle mfrac msqrt mroot msub msup msubsup munder mover munderover mtable mtr mtd mpadded mphantom menclose';
for (const name of plain.split(' ')) elements[name] = /^(?!.*)$/u;
const mathAttribute =
  /^(?:xmlns|display|encoding|mathvariant|mathcolor|mathbackground|mathsize|stretchy|fence|separator|form|lspace|rspace|width|height|depth|voffset|linethickness|scriptlevel|displaystyle|columnalign|columnspacing|rowspacing|accent|accentunder|notation|movablelimits|minsize|maxsize|symmetric|columnlines|rowlines|largeop|class)="[^"<>]*"$/u;
for (const name of plain.split(' ').slice(plain.split(' ').indexOf('annotation')))
  elements[name] = mathAttribute;

const tag =
  /<(\/?)([a-z][a-z\d]*)((?:\s+[a-zA-Z][\w:-]*(?:="[^"]*")?)*)\s*>|<(path|rect)((?:\s+[a-z]+="[^"]*")*)\/>/gu;

/** What in this HTML is neither text nor one of our own elements with our own attributes. */
export function foreignMarkup(html: string): string[] {
  const faults: string[] = [];
  const rest = html.replace(
    tag,
    (whole, slash: string, name = '', attributes = '', single?: string, more = '') => {
      const allowed = elements[single ?? (name as string)];
      if (!allowed) return `<${whole}`;
      const list =
        String(single === undefined ? attributes : more).match(/[a-zA-Z][\w:-]*(?:="[^"]*")?/gu) ?? [];
      if (slash === '/' && list.length > 0) faults.push(whole);
      faults.push(
        ...list.filter((attribute) => !allowed.test(attribute)).map((attribute) => `${whole}: ${attribute}`),
      );
      return '';
    },
  );
  const stray = /.{0,40}<.{0,40}/su.exec(rest);
  return stray ? [...faults, stray[0]] : faults;
}
