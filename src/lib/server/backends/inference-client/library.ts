import type * as client from '@huggingface/inference';

export type Library = typeof client;
type Logger = Parameters<Library['setLogger']>[0];

const nothing = () => undefined;
const silence: Logger = { debug: nothing, info: nothing, warn: nothing, error: nothing, log: nothing };

let loading: Promise<Library> | undefined;

/** The client of Hugging Face, loaded with the first request. It would write to the console, past our log. */
export function loadLibrary(): Promise<Library> {
  loading ??= import('@huggingface/inference').then((library) => {
    library.setLogger(silence);
    return library;
  });
  return loading;
}
