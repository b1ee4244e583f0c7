import { dirname } from 'node:path';
import type { ExportedInterval, Provenance } from '#contract/exports.ts';
import type { ExportWriter } from '../export-writer.ts';
import { labelledIntervals } from '../labelled-intervals.ts';
import { type Markup, markup } from '../markup.ts';
import { cuesOf, oneLine } from '../subtitles/cues.ts';
import { mediaUrl } from './media-url.ts';

const SCHEMA = 'http://www.mpi.nl/tools/elan/EAFv3.0.xsd';
const ACTIONS = 'Actions';

/** Intervals that become a tier. */
interface Lane {
  readonly tier: string;
  readonly intervals: readonly ExportedInterval[];
}

/**
 * The action intervals as an ELAN document: a tier by the rule that was asked for with a tier of probabilities below it, and,
 * where three views were run, one tier each for one and three clips. The media is linked by its path from the document.
 *
 * @see https://www.mpi.nl/tools/elan/EAF_Annotation_Format_3.0_and_ELAN.pdf
 */
export const eaf: ExportWriter = {
  by: 'content',
  async *write(source, { settings, target, signal }) {
    const { intervals: rule } = settings;
    const lanes: Lane[] = [{ tier: ACTIONS, intervals: await labelledIntervals(source, rule) }];
    if (source.analysis.settings.views === 3) {
      const one = await labelledIntervals(source, { ...rule, basis: 'oneClip' });
      const three = await labelledIntervals(source, { ...rule, basis: 'threeClip' });
      lanes.push({ tier: 'One clip', intervals: one }, { tier: 'Three clips', intervals: three });
    }
    const provenance = await source.provenance(settings, signal);
    const media = mediaUrl(dirname(target), source.video.path);
    yield documentOf(lanes, provenance, media, source.video.container).text;
  },
};

function documentOf(lanes: readonly Lane[], provenance: Provenance, media: string, container: string): Markup {
  const timed = lanes.map(({ tier, intervals }) => ({ tier, intervals, cues: cuesOf(intervals) }));
  const slots = new TimeSlots(timed.flatMap(({ cues }) => cues.flatMap(({ startMs, endMs }) => [startMs, endMs])));
  const ids = new AnnotationIds();
  const tiers = timed.map(({ tier, intervals, cues }) => {
    const annotations = cues.map(({ startMs, endMs }, i) => {
      const id = ids.next();
      return { id, from: slots.id(startMs), to: slots.id(endMs), interval: intervals[i] };
    });
    return markup`
    <TIER LINGUISTIC_TYPE_REF="interval" TIER_ID="${tier}">${annotations.map(
      ({ id, from, to, interval }) => markup`
        <ANNOTATION>
            <ALIGNABLE_ANNOTATION ANNOTATION_ID="${id}" TIME_SLOT_REF1="${from}" TIME_SLOT_REF2="${to}">
                <ANNOTATION_VALUE>${oneLine(interval?.label ?? '')}</ANNOTATION_VALUE>
            </ALIGNABLE_ANNOTATION>
        </ANNOTATION>`,
    )}
    </TIER>${tier === ACTIONS ? probabilityTier(annotations, ids) : null}`;
  });
  const { program, analysedAt, model, source } = provenance;
  return markup`<?xml version="1.0" encoding="UTF-8"?>
<ANNOTATION_DOCUMENT AUTHOR="${program.name} ${program.version}" DATE="${analysedAt}" FORMAT="3.0" VERSION="3.0" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:noNamespaceSchemaLocation="${SCHEMA}">
    <HEADER MEDIA_FILE="" TIME_UNITS="milliseconds">
        <MEDIA_DESCRIPTOR MEDIA_URL="${media}" MIME_TYPE="${mimeType(container)}" RELATIVE_MEDIA_URL="${media}"/>
        <PROPERTY NAME="model">${model.name}</PROPERTY>
        <PROPERTY NAME="modelWeightsSha256">${model.weights.sha256}</PROPERTY>
        <PROPERTY NAME="modelLicence">${model.licence.name}</PROPERTY>
        <PROPERTY NAME="sourceSha256">${source.sha256}</PROPERTY>
        <PROPERTY NAME="lastUsedAnnotationId">${ids.used}</PROPERTY>
    </HEADER>
    <TIME_ORDER>${slots.all.map(
      ([milliseconds, id]) => markup`
        <TIME_SLOT TIME_SLOT_ID="${id}" TIME_VALUE="${milliseconds}"/>`,
    )}
    </TIME_ORDER>${tiers}
    <LINGUISTIC_TYPE GRAPHIC_REFERENCES="false" LINGUISTIC_TYPE_ID="interval" TIME_ALIGNABLE="true"/>
    <LINGUISTIC_TYPE CONSTRAINTS="Symbolic_Association" GRAPHIC_REFERENCES="false" LINGUISTIC_TYPE_ID="probability" TIME_ALIGNABLE="false"/>
    <CONSTRAINT DESCRIPTION="1-1 association with a parent annotation" STEREOTYPE="Symbolic_Association"/>
</ANNOTATION_DOCUMENT>
`;
}

function probabilityTier(
  annotations: readonly { readonly id: string; readonly interval: ExportedInterval | undefined }[],
  ids: AnnotationIds,
): Markup {
  return markup`
    <TIER LINGUISTIC_TYPE_REF="probability" PARENT_REF="${ACTIONS}" TIER_ID="Probability">${annotations.map(
      ({ id, interval }) => markup`
        <ANNOTATION>
            <REF_ANNOTATION ANNOTATION_ID="${ids.next()}" ANNOTATION_REF="${id}">
                <ANNOTATION_VALUE>${(interval?.probability ?? 0).toFixed(3)}</ANNOTATION_VALUE>
            </REF_ANNOTATION>
        </ANNOTATION>`,
    )}
    </TIER>`;
}

/** The moments at which annotations begin and end, in the order of time; annotations that touch share one. */
class TimeSlots {
  readonly #ids: ReadonlyMap<number, string>;

  constructor(milliseconds: readonly number[]) {
    const distinct = [...new Set(milliseconds)].sort((a, b) => a - b);
    this.#ids = new Map(distinct.map((one, i) => [one, `ts${i + 1}`]));
  }

  get all(): readonly (readonly [number, string])[] {
    return [...this.#ids];
  }

  id(milliseconds: number): string {
    const id = this.#ids.get(milliseconds);
    if (id === undefined) throw new RangeError(`There is no time slot at ${milliseconds} ms.`);
    return id;
  }
}

class AnnotationIds {
  used = 0;

  next(): string {
    this.used += 1;
    return `a${this.used}`;
  }
}

/** ELAN chooses its player by it. */
function mimeType(container: string): string {
  if (/mp4|mov/.test(container)) return 'video/mp4';
  return /mpeg/.test(container) ? 'video/mpeg' : 'video/*';
}
