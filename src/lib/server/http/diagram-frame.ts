import { createHash } from 'node:crypto';

/**
 * Takes one port, from the page around it and from nobody else, and runs the library that comes with it. Then it draws what
 * the port asks for. A library that comes as text is the only one that can run here: there is no network.
 */
const script = `
addEventListener('message', function take(event) {
  if (event.source !== parent || !event.ports[0]) return;
  removeEventListener('message', take);
  const port = event.ports[0];
  const library = document.createElement('script');
  library.src = URL.createObjectURL(new Blob([event.data.library], { type: 'text/javascript' }));
  library.onload = () => {
    port.onmessage = async ({ data }) => {
      try {
        port.postMessage(await drawDiagram(data.source, data.theme));
      } catch {
        port.postMessage('fault');
      }
    };
  };
  document.head.append(library);
});
`;

/** No network of any kind, no forms, no frames, no origin. Mermaid writes styles into what it draws. */
const policy = [
  "default-src 'none'",
  `script-src 'sha256-${createHash('sha256').update(script).digest('base64')}' blob:`,
  "style-src 'unsafe-inline'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'self'",
  'sandbox allow-scripts',
].join('; ');

/** The document that draws diagrams, and the headers that keep it apart. */
export const diagramFrame = {
  html: `<!doctype html><html lang="en"><meta charset="utf-8"><title>Diagrams</title><script>${script}</script></html>`,
  headers: {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': policy,
    'x-dns-prefetch-control': 'off',
  },
};
