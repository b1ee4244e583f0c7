import type { ClipResult, ViewScores } from '#contract/analysis.ts';
import { scoreRange } from '#contract/overlay/score-range.ts';
import type { VideoExport } from '#contract/video-export.ts';
import type { Card } from './card.ts';
import { Clock, clockText } from './clock.ts';
import type { ColourSpace } from './colour.ts';
import { DrawingBoard } from './drawing.ts';
import { type ClockPlace, factsCard, legendCard, modelCard } from './fact-cards.ts';
import type { FinishedAnalysis } from './finished-analysis.ts';
import { type CardName, type CardPlace, type CardSize, MARGIN_SHARE, placeCards } from './layout.ts';
import { drawPatches } from './patch-layer.ts';
import { type Arrangement, predictionCard, predictionCardSize } from './prediction-card.ts';
import type { ShownMoment } from './shown-moments.ts';
import { toSprite } from './sprite.ts';
import { YuvaPicture } from './yuva-picture.ts';

/** Cards are drawn for a short side of this many pixels and scaled, but never so small that they cannot be read. */
const REFERENCE_SIDE = 1080;
const SMALLEST_UNIT = 0.5;

/** Side by side, the comparison leaves this share of the width to time and keep ratio. */
const BESIDE_SHARE = 0.7;

export interface AnnotatedPicture {
  /** What is drawn on; even sides. */
  readonly width: number;
  readonly height: number;
  /** As displayed: up to a pixel more. */
  readonly displayed: CardSize;
  readonly space: ColourSpace;
  /** The last moment that the clock shows. */
  readonly longestSeconds: number;
}

/** The cards that change from clip to clip. */
interface DrawnCards {
  readonly clip: ClipResult | null;
  readonly sprites: readonly (readonly [CardName, YuvaPicture])[];
  readonly clockPlace: ClockPlace | null;
}

/** Draws what stands on the video at a moment. Of one clip after another: what was drawn of the last one is kept. */
export class AnnotationPainter {
  readonly #board: DrawingBoard;
  readonly #analysis: FinishedAnalysis;
  readonly #options: VideoExport;
  readonly #picture: AnnotatedPicture;
  readonly #unit: number;
  readonly #arrangement: Arrangement;
  readonly #compared: 'one' | 'both';
  readonly #places: ReadonlyMap<CardName, CardPlace>;
  readonly #still: readonly (readonly [CardName, YuvaPicture])[];
  readonly #clock: Clock | null;
  #views: { readonly clip: ClipResult; readonly scores: readonly ViewScores[] } | undefined;
  #cards: DrawnCards | undefined;
  #patches: { readonly key: string; readonly drawn: YuvaPicture } | undefined;

  static async open(
    analysis: FinishedAnalysis,
    options: VideoExport,
    picture: AnnotatedPicture,
  ): Promise<AnnotationPainter> {
    return new AnnotationPainter(await DrawingBoard.open(), analysis, options, picture);
  }

  private constructor(
    board: DrawingBoard,
    analysis: FinishedAnalysis,
    options: VideoExport,
    picture: AnnotatedPicture,
  ) {
    this.#board = board;
    this.#analysis = analysis;
    this.#options = options;
    this.#picture = picture;
    const compared = options.prediction === 'both' && analysis.clips.some(({ threeClip }) => threeClip !== undefined);
    this.#compared = compared ? 'both' : 'one';
    const short = Math.min(picture.width, picture.height);
    const room = picture.width - 2 * MARGIN_SHARE * short - 2;
    const wanted = Math.max(short / REFERENCE_SIDE, SMALLEST_UNIT);
    // Where even that does not fit, small is better than cut off.
    const narrowest = predictionCardSize(this.#compared, 'below', 1);
    this.#unit = Math.min(wanted, room / narrowest.width, (0.6 * picture.height) / narrowest.height);
    const beside = predictionCardSize(this.#compared, 'beside', this.#unit).width;
    this.#arrangement = beside <= BESIDE_SHARE * picture.width ? 'beside' : 'below';

    const model = options.modelName ? modelCard(board, analysis.model, room, this.#unit) : null;
    const legend = options.legend ? legendCard(board, options.overlay.mode, this.#unit) : null;
    const facts = this.#facts(null);
    this.#places = placeCards(picture, {
      ...(options.prediction === 'off'
        ? {}
        : { prediction: predictionCardSize(this.#compared, this.#arrangement, this.#unit) }),
      ...(facts === null ? {} : { facts }),
      ...(model === null ? {} : { model }),
      ...(legend === null ? {} : { legend }),
    });
    const still: [CardName, YuvaPicture][] = [];
    if (model !== null) still.push(['model', this.#sprite(model)]);
    if (legend !== null) still.push(['legend', this.#sprite(legend)]);
    this.#still = still;
    this.#clock = options.time ? new Clock(board, picture.space, this.#unit) : null;
  }

  /** The whole picture of a moment, to be laid over the video. */
  async paint(moment: ShownMoment): Promise<YuvaPicture> {
    const picture = (await this.#patchesAt(moment)).copy();
    if (this.#cards === undefined || this.#cards.clip !== moment.clip) {
      this.#cards = this.#drawCards(moment.clip);
    }
    for (const [name, sprite] of [...this.#still, ...this.#cards.sprites]) {
      const place = this.#places.get(name);
      if (place !== undefined) picture.draw(sprite, place.x, place.y);
    }
    const place = this.#places.get('facts');
    const { clockPlace } = this.#cards;
    if (place !== undefined && clockPlace !== null) {
      this.#clock?.draw(picture, clockText(moment.tenths), place.x + clockPlace.x, place.y + clockPlace.y);
    }
    return picture;
  }

  #drawCards(clip: ClipResult | null): DrawnCards {
    const sprites: [CardName, YuvaPicture][] = [];
    if (clip !== null && this.#options.prediction !== 'off') {
      const card = predictionCard(this.#board, clip, this.#compared, this.#arrangement, this.#unit);
      sprites.push(['prediction', this.#sprite(card)]);
    }
    const facts = this.#facts(clip);
    if (facts !== null) sprites.push(['facts', this.#sprite(facts)]);
    return { clip, sprites, clockPlace: facts?.clockPlace ?? null };
  }

  #facts(clip: ClipResult | null): ReturnType<typeof factsCard> | null {
    const { time, keepRatio } = this.#options;
    if (!time && !keepRatio) return null;
    const longest = clockText(Math.ceil(10 * this.#picture.longestSeconds));
    return factsCard(this.#board, time ? longest : null, keepRatio ? keepRatioOf(clip) : undefined, this.#unit);
  }

  async #patchesAt({ clip, shown }: ShownMoment): Promise<YuvaPicture> {
    const key = clip === null || shown === null ? 'none' : `${clip.index} ${shown.frame} ${shown.next} ${shown.share}`;
    if (this.#patches?.key !== key) {
      const { width, height, displayed, space } = this.#picture;
      const drawn = new YuvaPicture(width, height);
      if (clip !== null && shown !== null && this.#options.overlay.mode !== 'off') {
        const { imageSize, patchSize } = this.#analysis.model;
        const { scores, views } = await this.#viewsOf(clip);
        const range = scoreRange(this.#analysis.settings.selector, scores);
        const layer = { views, range, displayed, space, patches: { imageSize, patchSize } };
        drawPatches(drawn, { ...layer, overlay: this.#options.overlay, lineWidth: 4 * this.#unit }, shown);
      }
      this.#patches = { key, drawn };
    }
    return this.#patches.drawn;
  }

  async #viewsOf(clip: ClipResult) {
    if (this.#views?.clip !== clip) this.#views = { clip, scores: await this.#analysis.scores(clip) };
    const { scores } = this.#views;
    const views = this.#options.crops === 'all' ? scores : scores.filter(({ crop }) => crop === 'center');
    return { views, scores: scores.map((view) => view.scores) };
  }

  #sprite({ width, height, body }: Card): YuvaPicture {
    return toSprite(this.#board.draw(width, height, body), this.#picture.space);
  }
}

/** Share of the patches that were kept, over the views of a clip. */
function keepRatioOf(clip: ClipResult | null): number | null {
  if (clip === null) return null;
  const sum = (of: 'keptTokens' | 'totalTokens') => clip.views.reduce((total, view) => total + view[of], 0);
  const total = sum('totalTokens');
  return total === 0 ? null : sum('keptTokens') / total;
}
