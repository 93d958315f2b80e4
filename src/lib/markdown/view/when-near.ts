type Work = (element: HTMLElement) => void;

const waiting = new Map<Element, Work>();
/** Of the window, and of the list that scrolls in it (newer browsers; the others do the work a little later). */
const margins = { rootMargin: '600px', scrollMargin: '600px' };
let observer: IntersectionObserver | undefined;

/** Calls `work` once, when the reader comes near the element; work that nobody sees is not done. */
export function whenNear(element: HTMLElement, work: Work): void {
  observer ??= new IntersectionObserver(meet, margins);
  waiting.set(element, work);
  observer.observe(element);
}

/** Forgets what waits below `root`, which is about to leave the page. */
export function forgetWaiting(root: HTMLElement): void {
  for (const element of waiting.keys()) if (root.contains(element)) forget(element);
}

function meet(entries: IntersectionObserverEntry[]): void {
  for (const { isIntersecting, target } of entries) {
    const work = waiting.get(target);
    // One that has been replaced on the page will never come near.
    if (isIntersecting || !target.isConnected) forget(target);
    if (isIntersecting && work && target instanceof HTMLElement) work(target);
  }
}

function forget(element: Element): void {
  waiting.delete(element);
  observer?.unobserve(element);
}
