/**
 * On every response; the content security policy is Kit's. The referrer stays on this site instead of going nowhere: with
 * `no-referrer` browsers send `Origin: null` with forms, which the rule about origins refuses.
 */
export const securityHeaders: Readonly<Record<string, string>> = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy':
    'camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()',
};
