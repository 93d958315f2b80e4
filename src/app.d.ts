import type { IncomingMessage } from 'node:http';
import type { Logger } from 'pino';
import type { App as ParlanceApp } from '$lib/server/app';

declare global {
  namespace App {
    interface Locals {
      app: ParlanceApp;
      /** Whose things this request sees: an opaque id. */
      owner: string;
      /** What browsers must know, when they must know something. */
      accessToken: string | undefined;
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
