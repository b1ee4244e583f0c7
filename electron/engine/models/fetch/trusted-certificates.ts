import { getCACertificates } from 'node:tls';

/**
 * Who may vouch for a server: Node's own list, and whom this computer trusts besides, since proxies of companies put
 * certificates of their own in between.
 */
export function trustedCertificates(): string[] {
  // Electron's Node may lack what is newer.
  if (typeof getCACertificates !== 'function') return [];
  return [...new Set([...getCACertificates('default'), ...getCACertificates('system')])];
}
