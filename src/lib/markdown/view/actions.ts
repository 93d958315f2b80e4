import { copyText } from '../../components/ui/copy';
import { downloadText } from './download';

const shownForMs = 2000;

/** What a click inside an answer does: the buttons of code and diagrams, and the links of footnotes. */
export function onAnswerClick(event: MouseEvent): void {
  if (!(event.target instanceof Element)) return;
  const button = event.target.closest<HTMLElement>('[data-action]');
  if (button) act(button);
  const link = event.target.closest('.footnote a, .footnote-back');
  if (!link) return;
  // The address stays as it is: the place is in this answer, and a way back is beside it.
  event.preventDefault();
  const target = document.getElementById(link.getAttribute('href')?.slice(1) ?? '');
  target?.scrollIntoView({ block: 'center' });
  target?.focus({ preventScroll: true });
}

function act(button: HTMLElement): void {
  const block = button.closest<HTMLElement>('.code-block, .diagram');
  const code = block?.querySelector('code')?.textContent ?? '';
  switch (button.dataset.action) {
    case 'copy':
      void copyText(code).then((isCopied) => tell(button, isCopied ? 'Copied' : 'Not copied'));
      break;
    case 'wrap':
      toggle(button, block, 'is-wrapped');
      break;
    case 'source':
      toggle(button, block, 'shows-source');
      break;
    case 'download':
      download(block, code);
      break;
    case undefined:
  }
}

function download(block: HTMLElement | null | undefined, code: string): void {
  const picture = block?.querySelector('img');
  if (picture?.dataset.svg) downloadText('diagram.svg', picture.dataset.svg, 'image/svg+xml');
  else downloadText(fileName(block?.dataset.extension ?? 'txt'), code, 'text/plain');
}

function fileName(extension: string): string {
  return extension === 'dockerfile' ? 'Dockerfile' : `code.${extension}`;
}

function toggle(button: HTMLElement, block: HTMLElement | null | undefined, name: string): void {
  if (block) button.setAttribute('aria-pressed', String(block.classList.toggle(name)));
}

/** Says for a while in place of the button's word what came of it. */
function tell(button: HTMLElement, words: string): void {
  const word = button.querySelector<HTMLElement>('[data-word]');
  if (!word) return;
  button.dataset.usual ??= word.textContent;
  word.textContent = words;
  button.classList.add('is-told');
  setTimeout(() => {
    word.textContent = button.dataset.usual ?? '';
    button.classList.remove('is-told');
  }, shownForMs);
}
