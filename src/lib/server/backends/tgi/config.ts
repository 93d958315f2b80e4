import { z } from 'zod';
import type { ImageLimits } from '../../../domain/model-summary';
import { serverFields, withAddresses, type ServerConfig } from '../http/endpoint-config';
import { baseAddress } from './base-address';

export const tgiConfigSchema = z.strictObject({
  type: z.literal('tgi'),
  ...serverFields,
  /** Absent: as the server says, and a model that continues text where it says nothing. */
  task: z.enum(['text-generation', 'text2text-generation']).optional(),
  /** The model sees images. The server does not say, and one that does not see would read their base64. */
  images: z.boolean().optional(),
  /** Bytes of the largest request that the server takes (its `--payload-limit`); images are fitted into it. */
  payloadLimit: z.int().min(10_000).max(1_000_000_000).optional(),
});
export type TgiConfig = z.infer<typeof tgiConfigSchema>;

/** What a server takes unless it was started with another limit. */
const usualPayloadLimit = 2_000_000;

/** The servers of a configuration, each by its base. */
export function serversOf(config: TgiConfig): ServerConfig {
  const { type: _type, task: _task, images: _images, payloadLimit: _limit, ...server } = config;
  return withAddresses(server, baseAddress);
}

/** Bytes of text and images together, with some left for all else in a request. */
export function roomOf({ payloadLimit = usualPayloadLimit }: TgiConfig): number {
  return Math.floor(payloadLimit * 0.95);
}

/** What people may attach: base64 makes four bytes of three, and two images of a message and some text fit together. */
export function imageLimitsOf(config: TgiConfig): ImageLimits | undefined {
  if (config.images !== true) return undefined;
  return {
    maxCount: 2,
    maxBytes: Math.floor((roomOf(config) * 0.75 * 0.9) / 2),
    maxPixels: 1024,
    mimeTypes: ['image/png', 'image/jpeg', 'image/webp', 'image/gif'],
  };
}
