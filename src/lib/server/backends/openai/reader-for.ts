import { answerStart } from '../answer-start';
import type { GenerateRequest } from '../backend';
import { ReplyReader } from './reply-reader';
import type { WireRequest } from './request';

interface ReaderSettings {
  /** Of the configuration: the chat template opens the reasoning. */
  startsOpen?: boolean | undefined;
  /** Of the dialect. */
  writesOne?: boolean | undefined;
}

/** What reads the answer to a request that went out as `wire`. */
export function readerFor(
  wire: WireRequest,
  request: GenerateRequest,
  { startsOpen = false, writesOne }: ReaderSettings = {},
): ReplyReader {
  const { n } = wire.body;
  // A model that was only asked to go on from a start may think first.
  const isNew = request.kind === 'messages' && !wire.hasPrefix;
  return new ReplyReader({
    count: typeof n === 'number' ? n : 1,
    writesOne,
    stop: request.parameters.stop ?? [],
    start: !isNew ? answerStart(request) : startsOpen ? { inside: 'think' } : 'either',
    echo: wire.echo,
    mostTop: request.parameters.top_logprobs,
  });
}
