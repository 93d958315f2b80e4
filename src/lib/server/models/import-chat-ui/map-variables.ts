import type { Variables } from './env-file';
import type { Report } from './report';

/** Variables of chat-ui that have an equal here: its name, and whether the value is a key. */
const equals: Record<string, { name: string; isSecret?: boolean } | undefined> = {
  PUBLIC_ORIGIN: { name: 'ALLOWED_ORIGINS' },
  CERT_PATH: { name: 'BACKEND_CLIENT_CERTIFICATE_FILE' },
  KEY_PATH: { name: 'BACKEND_CLIENT_KEY_FILE' },
  CLIENT_KEY_PASSWORD: { name: 'BACKEND_CLIENT_KEY_PASSWORD', isSecret: true },
  CA_PATH: { name: 'BACKEND_CA_FILE' },
};

/** Those that were read elsewhere. */
const read = new Set([
  'MODELS',
  'OLD_MODELS',
  'TASK_MODEL',
  'OPENAI_BASE_URL',
  'OPENAI_API_KEY',
  'HF_TOKEN',
  'HF_ACCESS_TOKEN',
  'USE_CLIENT_CERTIFICATE',
]);

const reasons: Record<string, string | undefined> = {
  TEXT_EMBEDDING_MODELS: 'There is no search in documents that would need it.',
  REJECT_UNAUTHORIZED: 'Certificates are always checked. Name the authority in BACKEND_CA_FILE.',
  MONGODB_URL: 'Conversations are not part of this import.',
};

/** Says of every other variable of the file what became of it. Values are shown where they are no keys. */
export function mapVariables(variables: Variables, report: Report): void {
  for (const [name, value] of Object.entries(variables)) {
    if (read.has(name)) continue;
    const ours = equals[name];
    if (ours) {
      report.set({ name: ours.name, ...(!ours.isSecret && { value }), why: `What was ${name}.` });
    } else report.note(name, '', reasons[name] ?? 'It is not about models, and was not looked at.');
  }
}
