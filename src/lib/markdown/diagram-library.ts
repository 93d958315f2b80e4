import mermaid from 'mermaid';

/** A diagram as its frame sends it to the page. */
export interface DrawnDiagram {
  svg: string;
  width: number;
  height: number;
}
export type DiagramTheme = 'light' | 'dark';

let count = 0;

/**
 * Draws a diagram. This file is bundled on its own, and runs nowhere but in the frame that `/frame/diagram` answers
 * with. Throws what Mermaid throws when the source has a fault.
 */
async function drawDiagram(source: string, theme: DiagramTheme): Promise<DrawnDiagram> {
  mermaid.initialize({
    startOnLoad: false,
    securityLevel: 'strict',
    suppressErrorRendering: true,
    htmlLabels: false,
    flowchart: { htmlLabels: false },
    theme: theme === 'dark' ? 'dark' : 'default',
    fontFamily: 'system-ui, sans-serif',
    maxTextSize: 20_000,
    // What a diagram may not set for itself, besides what Mermaid forbids already.
    secure: [
      'secure',
      'securityLevel',
      'startOnLoad',
      'maxTextSize',
      'suppressErrorRendering',
      'maxEdges',
      'htmlLabels',
    ],
  });
  count += 1;
  const { svg } = await mermaid.render(`diagram-${String(count)}`, source);
  return withSize(svg);
}

/** A picture needs a size of its own: what Mermaid writes is as wide as the place that it is put into. */
function withSize(svg: string): DrawnDiagram {
  const root = new DOMParser().parseFromString(svg, 'text/html').querySelector('svg');
  if (!root) throw new Error('Mermaid drew nothing.');
  const { width, height } = root.viewBox.baseVal;
  root.setAttribute('width', String(width));
  root.setAttribute('height', String(height));
  root.style.removeProperty('max-width');
  return { svg: new XMLSerializer().serializeToString(root), width, height };
}

Object.assign(globalThis, { drawDiagram });
