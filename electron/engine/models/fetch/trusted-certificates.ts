import * as tls from 'node:tls';

/**
 * Who may vouch for a server: Node's own list, and whom this computer trusts besides, since proxies of companies put
 * certificates of their own in between.
 */
export function trustedCertificates(): string[] {
  // Node before 22.15 cannot say, and takes its own list by itself.
  if (typeof tls.getCACertificates !== 'function') return [];
  return [...new Set([...tls.getCACertificates('default'), ...tls.getCACertificates('system')])];
}
