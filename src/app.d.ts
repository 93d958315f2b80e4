import type { IncomingMessage } from 'node:http';
import type { Logger } from 'pino';
import type { App as ParlanceApp } from '$lib/server/app';
import type { Access } from '$lib/server/auth/entrance';

declare global {
  namespace App {
    interface Locals {
      app: ParlanceApp;
      /** Whose things this request sees: an opaque id. */
      owner: string;
      access: Access;
      requestId: string;
      log: Logger;
    }
    /** What adapter-node gives; absent under `vite dev`. */
    interface Platform {
      req: IncomingMessage;
    }
    interface Error {
      message: string;
      code?: string;
      requestId?: string;
    }
  }
}

export {};
