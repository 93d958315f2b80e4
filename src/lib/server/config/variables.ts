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
  ADMIN_TOKEN: {
    description:
      'What the administrator signs in with at /login with ACCESS=anonymous, 16 characters or more. ' +
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
  SECRET_KEY: {
    description:
      'What keys of model servers are sealed with, and cookies made with; 16 characters or more. ' +
      'Not set: one is made and kept in DATA_DIR.',
  },
  MODELS_FILE: {
    description:
      'File with models and model servers (YAML, JSON or JSON5). A change of it, or of a file that it names, takes effect without a restart.',
  },
  MODELS: { description: 'The same as JSON5 in one variable, instead of MODELS_FILE.' },
  OPENAI_BASE_URL: {
    description:
      'Address of a server that speaks as OpenAI, TGI or Ollama do, whose models are offered: http://localhost:11434/v1.',
  },
  OPENAI_API_KEY: { description: 'Key for the server at OPENAI_BASE_URL.' },
  HF_TOKEN: { description: 'Token for Hugging Face; sent to huggingface.co and its subdomains alone.' },
  TASK_MODEL: { description: 'Id of the model that does small work such as titles.' },
  BACKEND_CONNECT_TIMEOUT_MS: {
    default: '5000',
    description: 'Milliseconds until a connection to a model server must stand.',
  },
  BACKEND_FIRST_BYTE_TIMEOUT_MS: {
    default: '300000',
    description: 'Milliseconds from a request to the first byte of its answer.',
  },
  BACKEND_IDLE_TIMEOUT_MS: {
    default: '60000',
    description: 'Milliseconds without a byte after which an answer counts as broken off.',
  },
  BACKEND_CA_FILE: {
    description:
      'PEM file with authorities that model servers may have their certificates from, besides the usual ones.',
  },
  BACKEND_CLIENT_CERTIFICATE_FILE: {
    description: 'PEM file with the certificate that is shown to model servers that ask for one.',
  },
  BACKEND_CLIENT_KEY_FILE: { description: 'PEM file with the key of that certificate.' },
  BACKEND_CLIENT_KEY_PASSWORD: { description: 'What opens that key, where it is encrypted.' },
  LOCAL_MODELS_DIR: {
    default: './models',
    description:
      'Folder of local models, where their relative paths begin. They follow those of servers; beside listed ones they are offered where this is set.',
  },
  LOCAL_THREADS: {
    description: 'Threads of each local model. Not set: chosen by the number of processor cores.',
  },
  LOCAL_SLOTS: { default: '4', description: 'Answers that a local model writes at once.' },
  LOCAL_CONTEXT: {
    default: '2048',
    description:
      'Tokens that a local model keeps room for in each slot. A longer conversation gets more while there is memory.',
  },
  LOCAL_IDLE_UNLOAD_MS: {
    default: '900000',
    description: 'Milliseconds without a request after which a local model leaves memory. 0 is never.',
  },
  LOG_LEVEL: {
    default: 'info',
    description: 'Least severe log lines to write: trace, debug, info, warn, error, fatal or silent.',
  },
} as const satisfies Record<string, Variable>;

export type VariableName = keyof typeof variables;
