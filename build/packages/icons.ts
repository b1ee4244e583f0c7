import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { initWasm, Resvg } from '@resvg/resvg-wasm';

const root = fileURLToPath(new URL('../..', import.meta.url));
const DRAWING = join(root, 'renderer', 'public', 'icon.svg');

/** Where the icons of packages are. */
export const BUILT_ICONS = join(root, 'dist', 'icons');

const LINUX_SIZES = [16, 24, 32, 48, 64, 128, 256, 512, 1024];
const WINDOWS_SIZES = [16, 24, 32, 48, 64, 128, 256];
/** Types of an .icns file's entries, and their pixels: those that macOS 10.7 and later take as PNG. */
const MAC_SIZES = { ic11: 32, ic12: 64, ic07: 128, ic13: 256, ic08: 256, ic14: 512, ic09: 512, ic10: 1024 };

/** On macOS an icon's body takes this share of its square; the rest is the shadow's. */
const MAC_BODY = 824 / 1024;

/** Draws the icons of all systems from the page's own: `icon.ico`, `icon.icns`, and `linux/<n>x<n>.png`. */
export async function buildIcons(directory: string = BUILT_ICONS): Promise<void> {
  const drawing = await readFile(DRAWING, 'utf8');
  await startDrawing();
  const inset = withMargin(drawing, MAC_BODY);
  await rm(directory, { recursive: true, force: true });
  await mkdir(join(directory, 'linux'), { recursive: true });
  for (const size of LINUX_SIZES) {
    await writeFile(join(directory, 'linux', `${size}x${size}.png`), draw(drawing, size));
  }
  await writeFile(join(directory, 'icon.ico'), ico(WINDOWS_SIZES.map((size) => ({ size, png: draw(drawing, size) }))));
  const entries = Object.entries(MAC_SIZES).map(([type, size]) => ({ type, png: draw(inset, size) }));
  await writeFile(join(directory, 'icon.icns'), icns(entries));
}

let started: Promise<void> | undefined;

/** The renderer refuses to be started twice. */
function startDrawing(): Promise<void> {
  const wasm = createRequire(import.meta.url).resolve('@resvg/resvg-wasm/index_bg.wasm');
  started ??= readFile(wasm).then((bytes) => initWasm(bytes));
  return started;
}

/** A square picture as PNG. */
function draw(svg: string, size: number): Uint8Array {
  return new Resvg(svg, { fitTo: { mode: 'width', value: size } }).render().asPng();
}

/** The same drawing in the middle of a larger square, of whose side it takes `share`. */
function withMargin(svg: string, share: number): string {
  const [box, side] = /viewBox="0 0 (\d+) \1"/.exec(svg) ?? [];
  if (box === undefined) throw new Error(`${DRAWING} has no square view box that begins at 0.`);
  const whole = Number(side) / share;
  const margin = (whole - Number(side)) / 2;
  return svg.replace(box, `viewBox="${-margin} ${-margin} ${whole} ${whole}"`);
}

/** An icon file of Windows: a table of contents, then the pictures. */
function ico(pictures: readonly { readonly size: number; readonly png: Uint8Array }[]): Buffer {
  const head = Buffer.alloc(6);
  head.writeUInt16LE(1, 2);
  head.writeUInt16LE(pictures.length, 4);
  let offset = head.length + 16 * pictures.length;
  const contents = pictures.map(({ size, png }) => {
    const entry = Buffer.alloc(16);
    // A byte each; 0 stands for 256.
    entry[0] = size % 256;
    entry[1] = size % 256;
    entry.writeUInt16LE(1, 4);
    entry.writeUInt16LE(32, 6);
    entry.writeUInt32LE(png.length, 8);
    entry.writeUInt32LE(offset, 12);
    offset += png.length;
    return entry;
  });
  return Buffer.concat([head, ...contents, ...pictures.map(({ png }) => png)]);
}

/** An icon file of macOS: every picture behind its type and length. */
function icns(entries: readonly { readonly type: string; readonly png: Uint8Array }[]): Buffer {
  const chunk = (type: string, body: Uint8Array) => {
    const head = Buffer.alloc(8);
    head.write(type, 'latin1');
    head.writeUInt32BE(head.length + body.length, 4);
    return Buffer.concat([head, body]);
  };
  return chunk('icns', Buffer.concat(entries.map(({ type, png }) => chunk(type, png))));
}
