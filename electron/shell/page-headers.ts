/** Where a page may get things from besides itself. */
export interface PageSources {
  /** Of the sockets that it may open. */
  readonly connect: readonly string[];
  readonly media: readonly string[];
}

/**
 * The headers that every answer to a page carries. Nothing runs that did not come with the program, nothing is loaded from
 * anywhere else, no other page can hold this one in a frame or a window, and markup made at run time has to pass Svelte's
 * one trusted policy.
 */
export function pageHeaders({ connect, media }: PageSources): Readonly<Record<string, string>> {
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' blob: data:",
    "font-src 'self'",
    ["media-src 'self' blob:", ...media].join(' '),
    ["connect-src 'self'", ...connect].join(' '),
    "worker-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    'trusted-types svelte-trusted-html',
  ];
  return {
    'content-security-policy': policy.join('; '),
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'cross-origin-embedder-policy': 'require-corp',
    'permissions-policy': 'camera=(), microphone=(), geolocation=(), display-capture=(), usb=(), serial=(), hid=()',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
  };
}
