import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { z } from 'zod';

/** What goes to a server with each request, and to nobody else. */
export interface ServerSecrets {
  apiKey?: string | undefined;
  headers?: Record<string, string> | undefined;
  query?: Record<string, string> | undefined;
}

/** What a secret belongs to: moved to another connection, or to another server, it does not open. */
export interface SealedFor {
  id: string;
  url: string;
}

const texts = z.record(z.string(), z.string()).optional();
const secretsSchema = z.object({ apiKey: z.string().optional(), headers: texts, query: texts });

const version = 'v1';
const nonceBytes = 12;
const tagBytes = 16;

/**
 * Seals and opens the keys of connected servers with AES-256-GCM, under a key that HKDF-SHA-256 makes of the secret of
 * this instance. The secret is asked for with the first key that is sealed or opened.
 */
export class Vault {
  private key: Promise<Buffer> | undefined;

  constructor(private readonly secret: () => Promise<string>) {}

  async seal(secrets: ServerSecrets, place: SealedFor): Promise<string> {
    const nonce = randomBytes(nonceBytes);
    const cipher = createCipheriv('aes-256-gcm', await this.derived(), nonce).setAAD(labelOf(place));
    const sealed = [cipher.update(JSON.stringify(secrets), 'utf8'), cipher.final()];
    return `${version}.${Buffer.concat([nonce, cipher.getAuthTag(), ...sealed]).toString('base64url')}`;
  }

  /** `undefined` when it does not open: the secret is another one now, or somebody has changed what is stored. */
  async open(text: string, place: SealedFor): Promise<ServerSecrets | undefined> {
    const key = await this.derived();
    const [form, body = ''] = text.split('.');
    const bytes = Buffer.from(body, 'base64url');
    if (form !== version || bytes.length < nonceBytes + tagBytes) return undefined;
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, nonceBytes))
      .setAAD(labelOf(place))
      .setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes));
    try {
      const opened = [decipher.update(bytes.subarray(nonceBytes + tagBytes)), decipher.final()];
      return secretsSchema.parse(JSON.parse(Buffer.concat(opened).toString('utf8')));
    } catch {
      // The only word of the library about a wrong key is that something failed.
      return undefined;
    }
  }

  private derived(): Promise<Buffer> {
    this.key ??= this.secret().then((secret) =>
      Buffer.from(hkdfSync('sha256', secret, '', 'parlance: keys of connected servers', 32)),
    );
    // A secret that could not be read is asked for again.
    this.key.catch(() => (this.key = undefined));
    return this.key;
  }
}

function labelOf({ id, url }: SealedFor): Buffer {
  return Buffer.from(`${id}\n${new URL(url).origin}`, 'utf8');
}

/** Whether there is anything to seal. */
export function hasSecrets({ apiKey, headers = {}, query = {} }: ServerSecrets): boolean {
  return apiKey !== undefined || Object.keys(headers).length > 0 || Object.keys(query).length > 0;
}
