import type { GenerationParameters, ParameterName } from './parameters';

/** Whether a model can answer now, and if not, why and what to do. */
export type ModelAvailability =
  { state: 'ready' } | { state: 'loading' } | { state: 'unavailable'; reason: string; remedy: string };

/** What a model takes in as images. What is larger is made smaller in the browser before it is sent. */
export interface ImageLimits {
  /** Most images of one message. */
  maxCount: number;
  /** Of one image as it is sent. */
  maxBytes: number;
  /** Longest side, in pixels. */
  maxPixels: number;
  /** `image/png` and the like. */
  mimeTypes: string[];
}

/** What a model takes of which nobody says more than that it sees images: what all servers take. */
export const usualImages: Readonly<ImageLimits> = {
  maxCount: 8,
  maxBytes: 5 * 1024 * 1024,
  maxPixels: 2048,
  // GIF is refused by some.
  mimeTypes: ['image/jpeg', 'image/png', 'image/webp'],
};

/** What a model can do besides answering. Absent or `false`: it cannot, or nobody knows. */
export interface ModelCapabilities {
  images?: ImageLimits;
  /** It thinks before it answers, and the thoughts come apart from the answer. */
  reasoning?: boolean;
  tools?: boolean;
  /** It goes on from a plain text, without chat template. */
  completion?: boolean;
  /** It writes what is missing between a beginning and an end. */
  fillInTheMiddle?: boolean;
  text2text?: Text2textTask;
}

/** What a model does that turns one text into another. */
export interface Text2textTask {
  /** Its name for people: "Translate", "Summarise". */
  name: string;
  /** What the person may choose, such as pairs of languages; absent: there is no choice. */
  choices?: Text2textChoice[];
}

/** `id` is what the backend is told; `prefix` goes in front of the text, as T5 wants it: "translate English to German: ". */
export interface Text2textChoice {
  id: string;
  label: string;
  prefix?: string;
}

/** What a person may set of one parameter, within what it allows at all. */
export interface ParameterLimit {
  min?: number;
  max?: number;
  /** The operator's value counts, whatever people set. */
  isFixed?: boolean;
}

/** Where a model comes from: found in a folder, listed by the operator, offered by a server, or connected in the app. */
export type ModelOrigin = 'local' | 'listed' | 'discovered' | 'connected';

/** What the page knows of a model. */
export interface ModelSummary {
  id: string;
  name: string;
  description: string;
  /** Tokens of prompt and answer together. */
  contextLength: number;
  /** The model's own. */
  parameters: GenerationParameters;
  /** What people may set; absent: all that the table allows. */
  parameterLimits?: Partial<Record<ParameterName, ParameterLimit>>;
  /** Of conversations that set none. */
  systemPrompt?: string;
  supportedParameters: ParameterName[];
  /** Whether it can go on from a plain text, without chat template. */
  canCompleteRaw: boolean;
  /** Whether an answer can be given a start, and be gone on with. */
  canContinue: boolean;
  capabilities: ModelCapabilities;
  availability: ModelAvailability;
  /** Comes with the app: small and often wrong, which the page says. */
  isBundled: boolean;
  origin: ModelOrigin;
  /** Of the server that has it, for people; models of one provider are shown together. */
  provider?: string;
  /** Address of its picture on this server. */
  logo?: string;
  links?: { label: string; url: string }[];
  promptExamples?: { title: string; prompt: string }[];
  /** Not in lists; whoever knows its id can use it. */
  isUnlisted?: boolean;
  /** Nobody but administrators knows of it. */
  isForAdmins?: boolean;
  /** It answers no more; its conversations go on with this model. */
  replacedBy?: string;
}
