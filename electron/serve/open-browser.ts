import { spawn } from 'node:child_process';

/** Opens an address in the default browser; tells whether there is a program for that. */
export async function openBrowser(url: string): Promise<boolean> {
  const [program, ...args] = {
    darwin: ['open', url],
    win32: ['rundll32', 'url.dll,FileProtocolHandler', url],
  }[process.platform as string] ?? ['xdg-open', url];
  const child = spawn(program ?? '', args, { stdio: 'ignore', detached: true });
  return new Promise((resolve) => {
    child.on('error', () => resolve(false));
    child.on('spawn', () => {
      child.unref();
      resolve(true);
    });
  });
}
