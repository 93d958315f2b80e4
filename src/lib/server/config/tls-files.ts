import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { createSecureContext } from 'node:tls';

/** What the files of certificates hold, as PEM. */
export interface TlsFiles {
  /** Authorities to trust besides the usual ones. */
  readonly ca?: string;
  readonly clientCertificate?: {
    readonly certificate: string;
    readonly key: string;
    readonly password?: string;
  };
}

type Tell = (variable: string, fault: string) => void;
const variable = {
  ca: 'BACKEND_CA_FILE',
  certificate: 'BACKEND_CLIENT_CERTIFICATE_FILE',
  key: 'BACKEND_CLIENT_KEY_FILE',
  password: 'BACKEND_CLIENT_KEY_PASSWORD',
} as const;

/** Reads what the variables of `source` name; what cannot be used is told, one fault a variable. */
export function readTlsFiles(source: NodeJS.ProcessEnv, baseDir: string, tell: Tell): TlsFiles {
  const read = (name: string) => readText(name, source[name]?.trim(), baseDir, tell);
  const [ca, certificate, key] = [read(variable.ca), read(variable.certificate), read(variable.key)];
  const password = source[variable.password]?.trim();
  const isSet = (name: string) => Boolean(source[name]?.trim());
  if (isSet(variable.certificate) !== isSet(variable.key)) {
    const missing = isSet(variable.key) ? variable.certificate : variable.key;
    tell(missing, 'must be set too: a client certificate and its key go together');
  }
  if (ca !== undefined && !isGood(() => checkAuthorities(ca)))
    tell(variable.ca, 'holds no certificate in PEM form');
  if (certificate !== undefined && key !== undefined) {
    const opened = () => createPrivateKey({ key, ...(password && { passphrase: password }) });
    if (!isGood(opened)) tell(variable.key, 'is not a key in PEM form, or its password is another');
    else if (!isGood(() => checkPair(certificate, opened())))
      tell(variable.certificate, 'is not the certificate of its key, in PEM form');
  }
  return {
    ...(ca !== undefined && { ca }),
    ...(certificate !== undefined &&
      key !== undefined && { clientCertificate: { certificate, key, ...(password && { password }) } }),
  };
}

function readText(name: string, path: string | undefined, baseDir: string, tell: Tell): string | undefined {
  if (!path) return undefined;
  try {
    return readFileSync(resolve(baseDir, path), 'utf8');
  } catch (thrown) {
    const code = thrown instanceof Error && 'code' in thrown ? ` (${String(thrown.code)})` : '';
    tell(name, `the file cannot be read${code}`);
    return undefined;
  }
}

/** The words of OpenSSL say nothing to a person. */
function isGood(check: () => unknown): boolean {
  try {
    check();
    return true;
  } catch {
    return false;
  }
}

function checkAuthorities(ca: string): void {
  // The first is looked at here, and all of them by OpenSSL, which takes a file without any for an empty list.
  void new X509Certificate(ca);
  createSecureContext({ ca });
}

function checkPair(certificate: string, key: KeyObject): void {
  if (!new X509Certificate(certificate).checkPrivateKey(key)) throw new Error('They do not fit.');
}
