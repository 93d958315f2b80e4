/** One variable of the environment, as people read about it. */
export interface Variable {
  /** The text that stands in when it is not set; read in the same way as one that is. Absent: nothing stands in. */
  default?: string;
  /** One line; `docs/configuration.md` and `.env.example` say the same. */
  description: string;
}

/** Every variable that Parlance reads. A spec keeps the schema, the documentation and `.env.example` equal to it. */
export const variables = {
  HOST: {
    default: '127.0.0.1',
    description: 'Address to listen on. The default is reached from this machine only; 0.0.0.0 means all.',
  },
  PORT: { default: '3000', description: 'Port to listen on. 0 takes any that is free.' },
  DATA_DIR: { default: './data', description: 'Folder for the database and all else that is kept.' },
  ACCESS: {
    default: 'single',
    description: 'Who uses it: single (one person) or anonymous (each browser has its own conversations).',
  },
  ACCESS_TOKEN: {
    description:
      'What a browser must know with ACCESS=single when others can reach the server, 16 characters or more. ' +
      'Not set: one is made and kept in DATA_DIR.',
  },
  ALLOWED_ORIGINS: {
    default: '',
    description:
      'Comma list of origins, besides its own, whose pages may change things: https://chat.example.com.',
  },
  TRUSTED_PROXIES: {
    default: '',
    description: 'Comma list of addresses or networks (10.0.0.0/8) whose X-Forwarded-* headers are believed.',
  },
  MODELS: { description: 'JSON list of models. Not set: the one that comes with Parlance.' },
  MODELS_DIR: { default: './models', description: 'Folder in which relative paths of local models begin.' },
  ENGINE_THREADS: {
    description: 'Threads for local models. Not set: chosen by the number of processor cores.',
  },
  LOG_LEVEL: {
    default: 'info',
    description: 'Least severe log lines to write: trace, debug, info, warn, error, fatal or silent.',
  },
} as const satisfies Record<string, Variable>;

export type VariableName = keyof typeof variables;
