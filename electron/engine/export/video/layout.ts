/** Width and height of a card, in pixels. */
export interface CardSize {
  readonly width: number;
  readonly height: number;
}

/** The upper left corner of a card; even. */
export interface CardPlace {
  readonly x: number;
  readonly y: number;
}

export type CardName = 'prediction' | 'facts' | 'model' | 'legend';

/** Distance to the picture's edge, as a share of its short side: televisions and players cover what is nearer. */
export const MARGIN_SHARE = 0.035;

/**
 * Where cards go: the prediction in the lower left corner, time and keep ratio in the lower right one or above it, the model's
 * name in the upper left corner, the legend in the upper right one or below it. What would touch another one is left out, the
 * legend first, then the model's name, then the facts.
 */
export function placeCards(
  picture: CardSize,
  cards: Readonly<Partial<Record<CardName, CardSize>>>,
): ReadonlyMap<CardName, CardPlace> {
  const margin = even(MARGIN_SHARE * Math.min(picture.width, picture.height));
  const gap = margin / 2;
  const inner = { right: picture.width - margin, bottom: picture.height - margin };
  const places = new Map<CardName, CardPlace>();
  const taken: (CardPlace & CardSize)[] = [];

  const put = (name: CardName, size: CardSize, wanted: readonly CardPlace[]): void => {
    for (const { x, y } of wanted) {
      const box = { x: even(x), y: even(y), ...size };
      const inside =
        box.x >= 0 && box.y >= 0 && box.x + size.width <= picture.width && box.y + size.height <= picture.height;
      if (!inside || taken.some((other) => overlap(box, other, gap))) continue;
      places.set(name, { x: box.x, y: box.y });
      taken.push(box);
      return;
    }
  };

  const { prediction, facts, model, legend } = cards;
  if (prediction !== undefined) put('prediction', prediction, [{ x: margin, y: inner.bottom - prediction.height }]);
  if (facts !== undefined) {
    const y = inner.bottom - facts.height;
    const above = y - (prediction?.height ?? 0) - gap - 2;
    put('facts', facts, [
      { x: inner.right - facts.width, y },
      { x: margin, y: above },
    ]);
  }
  if (model !== undefined) put('model', model, [{ x: margin, y: margin }]);
  if (legend !== undefined) {
    put('legend', legend, [
      { x: inner.right - legend.width, y: margin },
      { x: margin, y: margin + (model?.height ?? 0) + gap + 2 },
    ]);
  }
  return places;
}

function overlap(a: CardPlace & CardSize, b: CardPlace & CardSize, gap: number): boolean {
  return (
    a.x < b.x + b.width + gap && b.x < a.x + a.width + gap && a.y < b.y + b.height + gap && b.y < a.y + a.height + gap
  );
}

function even(value: number): number {
  return 2 * Math.round(value / 2);
}
