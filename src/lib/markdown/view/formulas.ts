import { trustedHtml } from '../trusted';
import { Lazy } from './lazy';

const katex = new Lazy(() => import('../formula-markup'));

/** Formulas as they were drawn before: the last block of a stream is drawn again and again. */
const drawn = new Map<string, string | undefined>();
const mostDrawn = 500;

/** Replaces the sources of formulas below `root` by what they mean; at once when KaTeX is here, and later otherwise. */
export function drawFormulas(root: HTMLElement): void {
  const formulas = root.querySelectorAll<HTMLElement>('[data-formula]');
  if (formulas.length === 0) return;
  if (katex.get) for (const element of formulas) draw(element, katex.get.formulaMarkup);
  else {
    for (const element of formulas) element.classList.add('is-pending');
    void katex.load().then((loaded) => {
      for (const element of formulas) {
        element.classList.remove('is-pending');
        if (loaded) draw(element, loaded.formulaMarkup);
      }
    });
  }
}

function draw(element: HTMLElement, markup: (tex: string, isDisplay: boolean) => string | undefined): void {
  const tex = element.textContent;
  const isDisplay = element.dataset.formula === 'display';
  const key = `${String(isDisplay)} ${tex}`;
  if (!drawn.has(key)) {
    if (drawn.size >= mostDrawn) drawn.clear();
    drawn.set(key, markup(tex, isDisplay));
  }
  const html = drawn.get(key);
  if (html === undefined) element.classList.add('has-fault');
  else element.innerHTML = trustedHtml(html);
  delete element.dataset.formula;
}
