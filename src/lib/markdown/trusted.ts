interface TrustedPolicy {
  createHTML(html: string): string;
}
interface TrustedTypes {
  createPolicy(name: string, rules: TrustedPolicy): TrustedPolicy;
}

let policy: TrustedPolicy | undefined;

/** HTML of our own renderer as the browser wants it for `innerHTML`: the policy `parlance` is the only way to it. */
export function trustedHtml(html: string): string {
  policy ??= (globalThis as { trustedTypes?: TrustedTypes }).trustedTypes?.createPolicy('parlance', {
    createHTML: (text) => text,
  }) ?? { createHTML: (text) => text };
  return policy.createHTML(html);
}
