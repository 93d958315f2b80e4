import type { BackendEvent, GenerateRequest } from '../backend';
import { StopSequences } from '../stop-sequences';
import { Call, type Around } from './call';
import { textFrom } from './client-calls';

/** A translation or a summary: it comes whole, and no server says how long it is in tokens. */
export async function* wholeAnswer(
  request: Extract<GenerateRequest, { kind: 'text2text' }>,
  { config, ways, library }: Around,
): AsyncGenerator<BackendEvent> {
  const call = new Call(request.signal);
  try {
    const said = await textFrom(library, config, request, call.options(config, ways));
    const stop = new StopSequences(request.parameters.stop ?? []);
    const text = stop.push(said) + stop.end();
    if (text !== '') yield { type: 'delta', choice: 0, kind: 'text', text };
    yield { type: 'finish', reason: 'stop' };
  } finally {
    call.end();
  }
}
