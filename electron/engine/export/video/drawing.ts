import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { initWasm, Resvg } from '@resvg/resvg-wasm';

/** RGBA, `[height, width, 4]`, colours multiplied by the opacity. */
export interface Drawing {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
}

export type Weight = 400 | 600;

/** The one typeface; it has Latin, Greek and Cyrillic. */
const TYPEFACE = 'Inter';

const require = createRequire(import.meta.url);

/** Measured at this size: widths are proportional. */
const MEASURED_SIZE = 100;

/** Draws SVG with the project's own typeface; the system's fonts are not looked at, so every computer draws the same. */
export class DrawingBoard {
  static #opened: Promise<DrawingBoard> | undefined;
  readonly #fonts: readonly Uint8Array[];
  readonly #widths = new Map<string, number>();

  /** The one of this process: the library can be loaded once. */
  static open(): Promise<DrawingBoard> {
    DrawingBoard.#opened ??= DrawingBoard.#load();
    return DrawingBoard.#opened;
  }

  static async #load(): Promise<DrawingBoard> {
    const fonts = [
      require.resolve('@expo-google-fonts/inter/400Regular/Inter_400Regular.ttf'),
      require.resolve('@expo-google-fonts/inter/600SemiBold/Inter_600SemiBold.ttf'),
    ];
    await initWasm(await readFile(require.resolve('@resvg/resvg-wasm/index_bg.wasm')));
    return new DrawingBoard(await Promise.all(fonts.map((file) => readFile(file))));
  }

  private constructor(fonts: readonly Uint8Array[]) {
    this.#fonts = fonts;
  }

  /** Draws the body of an SVG picture; coordinates are pixels. */
  draw(width: number, height: number, body: string): Drawing {
    using picture = this.#render(width, height, body);
    return { width, height, pixels: picture.pixels() };
  }

  /** Width of one line of text, in pixels. */
  textWidth(text: string, size: number, weight: Weight): number {
    const key = `${weight} ${text}`;
    let width = this.#widths.get(key);
    if (width === undefined) {
      using picture = this.#render(
        1,
        1,
        textElement(text, { x: 0, y: 0, size: MEASURED_SIZE, weight, colour: '#000' }),
      );
      width = picture.width();
      this.#widths.set(key, width);
    }
    return (width * size) / MEASURED_SIZE;
  }

  #render(width: number, height: number, body: string) {
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${body}</svg>`;
    const image = new Resvg(svg, {
      font: { fontBuffers: [...this.#fonts], loadSystemFonts: false, defaultFontFamily: TYPEFACE },
    });
    return {
      pixels: () => {
        const rendered = image.render();
        const pixels = rendered.pixels.slice();
        rendered.free();
        return pixels;
      },
      width: () => image.getBBox()?.width ?? 0,
      [Symbol.dispose]: () => image.free(),
    };
  }
}

export interface TextPlace {
  readonly x: number;
  /** Of the base line. */
  readonly y: number;
  readonly size: number;
  readonly weight: Weight;
  readonly colour: string;
  readonly anchor?: 'start' | 'middle' | 'end';
}

/** One line of text as SVG. */
export function textElement(text: string, { x, y, size, weight, colour, anchor = 'start' }: TextPlace): string {
  const place = `x="${x.toFixed(2)}" y="${y.toFixed(2)}" text-anchor="${anchor}"`;
  const font = `font-family="${TYPEFACE}" font-size="${size.toFixed(2)}" font-weight="${weight}"`;
  return `<text ${place} ${font} fill="${colour}">${escaped(text)}</text>`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
