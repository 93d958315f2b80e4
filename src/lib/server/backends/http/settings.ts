/** What holds for every outbound request, unless an entry of the configuration says otherwise. */
export interface HttpSettings {
  /** Milliseconds until a connection, with TLS, must stand. */
  connectTimeoutMs: number;
  /** Milliseconds from the request to the first byte of the answer: a server may load a model, or read a long prompt. */
  firstByteTimeoutMs: number;
  /** Milliseconds without a byte after which a stream counts as dead. Comments that keep it alive count as bytes. */
  idleTimeoutMs: number;
  /** Certificates of authorities to trust besides the usual ones, as PEM. */
  ca?: string;
  /** Client certificate and its key, as PEM, for servers that ask for one. */
  clientCertificate?: { certificate: string; key: string; password?: string };
}

export const defaultHttpSettings: HttpSettings = {
  connectTimeoutMs: 5000,
  firstByteTimeoutMs: 300_000,
  idleTimeoutMs: 60_000,
};
