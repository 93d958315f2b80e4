import { z } from 'zod';
import { parseJson } from '../http/parse-json';
import type { OllamaPlan } from './request';

/** `_debug_render_only` of Ollama 0.11.5 and newer. Older ones answer the question instead. */
const renderedSchema = z.looseObject({ _debug_info: z.looseObject({ rendered_template: z.string() }) });

/**
 * The body that asks what a plan would show the model. The options are those of the plan, since others make the server
 * load the model again; a server that answers instead writes one token.
 */
export function bodyToRender({ body }: OllamaPlan): Record<string, unknown> {
  const options = { ...(body.options as object), num_predict: 1 };
  return { ...body, options, stream: false, _debug_render_only: true };
}

/** The prompt in the reply to that; `undefined` where there is none. */
export function renderedIn(reply: string): string | undefined {
  const parsed = renderedSchema.safeParse(parseJson(reply));
  return parsed.success ? parsed.data._debug_info.rendered_template : undefined;
}

/**
 * How an answer goes on from `start`, which is the last message of `plan`. Templates that end every message, as Ollama's
 * own for ChatML does, would make the model begin another answer: it is then given the prompt up to the end of the start,
 * as a plain text. `rendered`: what the template makes of the plan; `undefined` where the server does not tell.
 */
export function planToGoOn(plan: OllamaPlan, start: string, rendered: string | undefined): OllamaPlan {
  // Templates may trim what a message has around it.
  const shown = start.trim();
  const at = rendered === undefined || shown === '' ? -1 : rendered.lastIndexOf(shown);
  if (rendered === undefined || at === -1 || rendered.trimEnd().endsWith(shown)) return plan;
  const { messages, think: _, ...common } = plan.body;
  const images = imagesOf(messages);
  const prompt = rendered.slice(0, at) + start.trimStart();
  return {
    ...plan,
    path: '/api/generate',
    body: { ...common, prompt, raw: true, ...(images.length > 0 && { images }) },
  };
}

/** In the order of the marks that the template has put for them. */
function imagesOf(messages: unknown): string[] {
  return (messages as { images?: string[] }[]).flatMap(({ images = [] }) => images);
}
