import type { Backend } from '../../backends/backend';
import type { FolderFacts } from '../../backends/local/model-folder';
import { ChatTemplate, plainTemplate } from '../chat-template';
import type { ModelConfig } from '../model-config';
import { templateOptions } from './read-chat-template';

/** Backends that get the token that a prompt begins with; other servers put it there themselves. TGI's driver asks its server. */
const writers: ReadonlySet<string> = new Set(['local', 'scripted', 'tgi']);

/** The chat template of a model, from its entry or its files; nothing where the server has it. Throws `config-invalid`. */
export function templateOf(
  config: ModelConfig,
  folder: FolderFacts | undefined,
  accepts: Backend['accepts'],
): ChatTemplate | undefined {
  const given = config.chatTemplate && templateOptions(config.chatTemplate);
  // A server that takes messages knows the template of its model; one that takes texts alone gets them plain.
  const plain = folder || !accepts.includes('messages') ? plainTemplate : undefined;
  const template = given?.template ?? folder?.chatTemplate ?? plain;
  if (template === undefined) return undefined;
  return new ChatTemplate({
    writesBos: writers.has(config.backend?.type ?? ''),
    ...given,
    template,
    bosToken: given?.bosToken ?? folder?.bosToken,
    eosToken: given?.eosToken ?? folder?.eosToken,
    specialTokens: [...new Set([...(given?.specialTokens ?? []), ...(folder?.specialTokens ?? [])])],
    systemRole: config.systemRole,
  });
}
