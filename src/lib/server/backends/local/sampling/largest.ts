/**
 * Puts the `count` tokens with the highest logits at the front of `tokens`, highest first (of equal ones, the lower
 * token first), and returns how many there are. Only tokens whose logit is at least `least` are looked at.
 * A heap of `count` tokens whose root is its lowest: nearly every token costs one comparison.
 */
export function takeLargest(
  logits: Float32Array,
  tokens: Int32Array,
  { count, least = -Infinity }: { count: number; least?: number },
): number {
  let size = 0;
  for (let token = 0; token < logits.length; token += 1) {
    const logit = logits[token] ?? -Infinity;
    if (!(logit >= least)) continue;
    if (size < count) {
      tokens[size] = token;
      size += 1;
      siftUp(tokens, logits, size - 1);
    } else if (logit > (logits[tokens[0] ?? 0] ?? 0)) {
      tokens[0] = token;
      siftDown(tokens, logits, size);
    }
  }
  for (let end = size - 1; end > 0; end -= 1) {
    swap(tokens, 0, end);
    siftDown(tokens, logits, end);
  }
  return size;
}

function isLower(logits: Float32Array, a: number, b: number): boolean {
  const [left, right] = [logits[a] ?? 0, logits[b] ?? 0];
  return left < right || (left === right && a > b);
}

function siftUp(tokens: Int32Array, logits: Float32Array, from: number): void {
  let at = from;
  while (at > 0) {
    const parent = (at - 1) >> 1;
    if (!isLower(logits, tokens[at] ?? 0, tokens[parent] ?? 0)) return;
    swap(tokens, at, parent);
    at = parent;
  }
}

function siftDown(tokens: Int32Array, logits: Float32Array, size: number): void {
  let at = 0;
  for (;;) {
    let lowest = at;
    for (const child of [2 * at + 1, 2 * at + 2]) {
      if (child < size && isLower(logits, tokens[child] ?? 0, tokens[lowest] ?? 0)) lowest = child;
    }
    if (lowest === at) return;
    swap(tokens, at, lowest);
    at = lowest;
  }
}

function swap(tokens: Int32Array, a: number, b: number): void {
  const kept = tokens[a] ?? 0;
  tokens[a] = tokens[b] ?? 0;
  tokens[b] = kept;
}
