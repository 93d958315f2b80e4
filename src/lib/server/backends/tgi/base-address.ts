/** The base of a server, from an address that may name one of its routes as older configurations of chat-ui do. */
export function baseAddress(url: string): string {
  const address = new URL(url);
  address.pathname = address.pathname.replace(/\/+$/u, '').replace(/\/generate(?:_stream)?$/u, '');
  return address.href.replace(/\/$/u, '');
}
