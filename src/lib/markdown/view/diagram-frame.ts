import type { DiagramTheme, DrawnDiagram } from '../diagram-library';

const drawWithinMs = 15_000;

interface Task {
  source: string;
  theme: DiagramTheme;
  resolve: (drawn: DrawnDiagram) => void;
  reject: (fault: Error) => void;
}

/**
 * The frame in which diagrams are drawn, one after another. It is sandboxed: it has no origin, no cookies and no network,
 * and all that it can do is answer on the port that it is handed. It is made when it is first needed, and thrown away when
 * a diagram takes too long.
 */
class DiagramFrame {
  private readonly tasks: Task[] = [];
  private port: Promise<MessagePort> | undefined;
  private element: HTMLIFrameElement | undefined;
  private isBusy = false;

  draw(source: string, theme: DiagramTheme): Promise<DrawnDiagram> {
    return new Promise((resolve, reject) => {
      this.tasks.push({ source, theme, resolve, reject });
      void this.next();
    });
  }

  private async next(): Promise<void> {
    if (this.isBusy) return;
    const task = this.tasks.shift();
    if (!task) return;
    this.isBusy = true;
    try {
      this.port ??= this.open();
      task.resolve(await ask(await this.port, task));
    } catch (thrown) {
      if (thrown instanceof DiagramFault) task.reject(thrown);
      else {
        this.close();
        task.reject(thrown instanceof Error ? thrown : new Error(String(thrown)));
      }
    }
    this.isBusy = false;
    void this.next();
  }

  private async open(): Promise<MessagePort> {
    const library = await loadLibrary();
    const element = document.createElement('iframe');
    element.sandbox.add('allow-scripts');
    element.src = '/frame/diagram';
    element.title = 'Diagrams';
    element.className = 'diagram-frame';
    element.tabIndex = -1;
    element.setAttribute('aria-hidden', 'true');
    this.element = element;
    const isLoaded = new Promise((resolve, reject) => {
      element.addEventListener('load', resolve, { once: true });
      setTimeout(() => reject(new Error('The frame for diagrams did not load.')), drawWithinMs);
    });
    document.body.append(element);
    await isLoaded;
    const { port1, port2 } = new MessageChannel();
    // The frame has no origin that could be named; this is its own window, and the page reads from the port alone.
    element.contentWindow?.postMessage({ library }, '*', [port2]);
    return port1;
  }

  private close(): void {
    void this.port?.then((port) => port.close()).catch(() => undefined);
    this.element?.remove();
    this.element = undefined;
    this.port = undefined;
  }
}

/** The source of the diagram cannot be drawn. */
export class DiagramFault extends Error {}

/** Where diagrams of this page are drawn. */
export const diagramFrame = new DiagramFrame();

/** The library as text: the frame has no network, so the page loads it from its own server and hands it over. */
async function loadLibrary(): Promise<string> {
  const { default: address } = await import('../diagram-library?worker&url');
  const response = await fetch(address);
  if (!response.ok) throw new Error('The library for diagrams did not load.');
  return response.text();
}

function ask(port: MessagePort, { source, theme }: Task): Promise<DrawnDiagram> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('The diagram takes too long to draw.')), drawWithinMs);
    port.onmessage = ({ data }: MessageEvent<unknown>) => {
      clearTimeout(timer);
      if (isDrawn(data)) resolve(data);
      else reject(new DiagramFault('This is no diagram that can be drawn.'));
    };
    port.postMessage({ source, theme });
  });
}

/** What comes from the frame may be anything: the text of a diagram decided what runs there. */
function isDrawn(data: unknown): data is DrawnDiagram {
  if (typeof data !== 'object' || data === null) return false;
  const { svg, width, height } = data as Partial<Record<string, unknown>>;
  return typeof svg === 'string' && isLength(width) && isLength(height);
}

function isLength(value: unknown): boolean {
  return typeof value === 'number' && value > 0 && value < 100_000;
}
