import type { Variables } from './env-file';
import type { Report } from './report';

/** Names of headers, and of parameters of addresses, whose values are nobody's business. */
const secretName = /auth|key|token|secret|password|cookie|signature|^sig$/iu;

/** Where chat-ui looked for the key of Hugging Face, and for that of servers that speak the OpenAI API. */
export const huggingFaceKeys = ['HF_TOKEN', 'HF_ACCESS_TOKEN'] as const;
export const openAiKeys = ['OPENAI_API_KEY', ...huggingFaceKeys] as const;

/** Keys as the file of models has them: as the names of variables. */
export class Secrets {
  /** Key to the name of its variable. */
  private readonly names = new Map<string, string>();

  constructor(
    private readonly variables: Variables,
    private readonly report: Report,
  ) {
    for (const name of [...huggingFaceKeys, 'OPENAI_API_KEY']) {
      const value = variables[name];
      if (value !== undefined && !this.names.has(value)) this.names.set(value, name);
    }
  }

  /** The key that a variable of the old file holds, if it is set. */
  ofVariable(...names: string[]): string | undefined {
    const name = names.find((one) => this.variables[one] !== undefined);
    return name === undefined ? undefined : this.reference(this.variables[name] ?? '', name);
  }

  /** `${NAME}` for a key; `hint` makes the name of one that had none. */
  reference(value: string, hint: string): string {
    const name = this.names.get(value) ?? this.nameFor(value, hint);
    const isOld = this.variables[name] === value;
    this.report.set({
      name,
      isReference: true,
      why: isOld ? `As ${name} in the old file.` : `The key that was in the old file for ${hint}.`,
    });
    return `\${${name}}`;
  }

  /** An address as it stands, or as a variable when it has a password or a key in it. */
  address(url: string, hint: string): string {
    if (!URL.canParse(url)) return url;
    const { username, password, searchParams } = new URL(url);
    const isSecret =
      username !== '' || password !== '' || [...searchParams.keys()].some((key) => secretName.test(key));
    return isSecret ? this.reference(url, `${hint} url`) : url;
  }

  /** Headers, or parameters of an address, with what is secret in variables. */
  values(given: Record<string, string>, hint: string): Record<string, string> {
    return Object.fromEntries(
      Object.entries(given).map(([name, value]) => [
        name,
        secretName.test(name) ? this.reference(value, `${hint} ${name}`) : value,
      ]),
    );
  }

  private nameFor(value: string, hint: string): string {
    const words = hint
      .replace(/[^a-z0-9]+/giu, '_')
      .replace(/^_+|_+$/gu, '')
      .toUpperCase();
    const base = /^\d/u.test(words) ? `MODEL_${words}` : words || 'KEY';
    const stem = /KEY|TOKEN|URL|AUTH/u.test(base) ? base : `${base}_KEY`;
    const taken = new Set([...this.names.values(), ...Object.keys(this.variables)]);
    let name = stem;
    for (let number = 2; taken.has(name); number += 1) name = `${stem}_${String(number)}`;
    this.names.set(value, name);
    return name;
  }
}

export function isSecretName(name: string): boolean {
  return secretName.test(name);
}
