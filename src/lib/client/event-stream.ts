/** One server-sent event; its data lines are joined. */
export interface Frame {
  id: string;
  event: string;
  data: string;
}

/**
 * Reads server-sent events from a response, however its bytes are split. Comments are left out; `onBytes` hears of them,
 * too: a stream that is silent for longer than its keep-alive is dead.
 */
export async function* readFrames(
  body: ReadableStream<Uint8Array>,
  onBytes?: () => void,
): AsyncGenerator<Frame> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      onBytes?.();
      rest += decoder.decode(value, { stream: true });
      // A carriage return at the end may be half of a line end.
      const usable = rest.endsWith('\r') ? rest.length - 1 : rest.length;
      const blocks = rest.slice(0, usable).split(/\r\n\r\n|\n\n|\r\r/u);
      rest = (blocks.pop() ?? '') + rest.slice(usable);
      for (const block of blocks) {
        const frame = parseFrame(block);
        if (frame) yield frame;
      }
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

function parseFrame(block: string): Frame | undefined {
  const frame: Frame = { id: '', event: 'message', data: '' };
  const data: string[] = [];
  for (const line of block.split(/\r\n|\n|\r/u)) {
    const colon = line.indexOf(':');
    if (colon === 0) continue;
    const field = colon === -1 ? line : line.slice(0, colon);
    const value = colon === -1 ? '' : line.slice(colon + 1).replace(/^ /u, '');
    if (field === 'data') data.push(value);
    else if (field === 'id') frame.id = value;
    else if (field === 'event') frame.event = value;
  }
  if (data.length === 0) return undefined;
  return { ...frame, data: data.join('\n') };
}
