import { button } from '../code';
import type { DiagramTheme, DrawnDiagram } from '../diagram-library';
import { trustedHtml } from '../trusted';
import { diagramFrame } from './diagram-frame';
import { onThemeChange, themeNow } from './theme';
import { whenNear } from './when-near';

/** Longer sources stay code. */
const longest = 20_000;

const shown = new Set<HTMLElement>();
let isWatchingTheme = false;

/** Draws the finished Mermaid fences below `root` as pictures, when the reader comes near them. */
export function drawDiagrams(root: HTMLElement): void {
  const blocks = root.querySelectorAll<HTMLElement>(
    '.code-block[data-language="mermaid" i]:not([data-diagram])',
  );
  for (const block of blocks) {
    if ((block.querySelector('code')?.textContent.length ?? 0) > longest) continue;
    block.dataset.diagram = 'waiting';
    whenNear(block, (near) => void draw(near));
  }
  if (blocks.length > 0) watchTheme();
}

function watchTheme(): void {
  if (isWatchingTheme) return;
  isWatchingTheme = true;
  onThemeChange(() => {
    for (const block of shown) {
      if (block.isConnected) void draw(block);
      else shown.delete(block);
    }
  });
}

async function draw(block: HTMLElement): Promise<void> {
  const theme = themeNow();
  const source = block.querySelector('code')?.textContent ?? '';
  try {
    const drawn = await diagramFrame.draw(source, theme);
    // The theme may have changed meanwhile; then the next drawing is on its way.
    if (theme === themeNow()) show(block, drawn, theme);
  } catch (thrown) {
    tellFault(block, thrown instanceof Error ? thrown.message : '');
  }
}

function show(block: HTMLElement, { svg, width, height }: DrawnDiagram, theme: DiagramTheme): void {
  shown.add(block);
  if (block.dataset.diagram !== 'drawn') addParts(block);
  block.dataset.diagram = 'drawn';
  const picture = block.querySelector('img');
  if (!picture) return;
  picture.width = Math.ceil(width);
  picture.height = Math.ceil(height);
  picture.alt = 'Diagram. Its text is one click away, under “Show source”.';
  picture.dataset.svg = svg;
  picture.dataset.theme = theme;
  // As a picture it can neither run nor load anything.
  picture.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
}

/** Beside the code, which stays where it is: the picture, and buttons that are those of a picture. */
function addParts(block: HTMLElement): void {
  block.classList.add('diagram');
  block.querySelector('.code-head > span')?.replaceChildren('Diagram');
  const figure = document.createElement('div');
  figure.className = 'diagram-picture';
  figure.tabIndex = 0;
  figure.setAttribute('role', 'group');
  figure.setAttribute('aria-label', 'Diagram');
  figure.append(document.createElement('img'));
  block.querySelector('pre')?.before(figure);
  const actions = block.querySelector('.code-actions');
  if (!actions) return;
  actions.innerHTML = trustedHtml(
    button('source', 'Show source', 'Source', ' aria-pressed="false"') +
      button('download', 'Download picture', 'Download') +
      button('copy', 'Copy code', 'Copy'),
  );
}

function tellFault(block: HTMLElement, words: string): void {
  if (block.dataset.diagram !== 'waiting') return;
  block.dataset.diagram = 'failed';
  const note = document.createElement('p');
  note.className = 'diagram-fault';
  note.textContent = `${words} Here is its text.`.trim();
  block.append(note);
}
