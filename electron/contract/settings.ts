import { z } from 'zod';
import { modelNameSchema, selectorRequestSchema, viewsSchema } from './analysis-request.ts';
import { deviceRequestSchema, precisionRequestSchema } from './devices.ts';
import { type ExportChoice, exportChoiceSchema } from './export-choice.ts';
import { DEFAULT_INTERVAL_RULE, intervalRuleSchema } from './intervals.ts';
import { overlayStyleSchema } from './overlay/overlay-style.ts';
import { heatMapNameSchema } from './score-maps.ts';
import { DEFAULT_VIDEO_EXPORT } from './video-export.ts';

/** What the user has chosen for videos that are added to the queue. */
const queueChoiceSchema = z.object({
  /** Null: the one that the program takes by itself. */
  model: modelNameSchema.nullable(),
  views: viewsSchema,
  selector: selectorRequestSchema,
});
export type QueueChoice = z.infer<typeof queueChoiceSchema>;

/** What the user has chosen for all videos. */
export const settingsSchema = z.object({
  theme: z.enum(['system', 'light', 'dark']),
  device: deviceRequestSchema,
  precision: precisionRequestSchema,
  /** Null: one a core. */
  threads: z.int().min(1).max(1024).nullable(),
  /** Null: the one that the program takes by itself. */
  model: modelNameSchema.nullable(),
  views: viewsSchema,
  selector: selectorRequestSchema,
  /** Null: clips back to back. */
  strideSeconds: z.number().min(0.05).max(86_400).nullable(),
  topK: z.int().min(1).max(100),
  overlay: overlayStyleSchema,
  /** On screen, where the model has it; files always show the selection. */
  heatMap: heatMapNameSchema,
  /** How clips become actions: on the timeline, and in whatever is exported. */
  intervals: intervalRuleSchema,
  /** What may be kept on disk at most. What was not used for longest goes first. */
  storage: z.object({
    results: z.int().min(1).max(100_000),
    resultBytes: z.int().min(2 ** 20),
    previewBytes: z.int().min(2 ** 20),
  }),
  /** Null: the same as for the video on screen. */
  queue: queueChoiceSchema.nullable(),
  /** What was exported last. */
  exports: exportChoiceSchema,
  /** What is made of videos that are added to the queue, once they are analysed; null for nothing. */
  queueExports: exportChoiceSchema.nullable(),
});
export type Settings = z.infer<typeof settingsSchema>;

const DEFAULT_EXPORTS: ExportChoice = { kinds: ['mp4'], to: null, video: DEFAULT_VIDEO_EXPORT };

export const DEFAULT_SETTINGS: Settings = {
  theme: 'system',
  device: 'auto',
  precision: 'auto',
  threads: null,
  model: null,
  views: 3,
  selector: {},
  strideSeconds: null,
  topK: 5,
  overlay: { mode: 'kept', opacity: 0.6 },
  heatMap: 'selection',
  intervals: DEFAULT_INTERVAL_RULE,
  storage: { results: 1000, resultBytes: 2 * 2 ** 30, previewBytes: 4 * 2 ** 30 },
  queue: null,
  exports: DEFAULT_EXPORTS,
  queueExports: null,
};

/** The settings that change; the others stay. */
export const settingsChangeSchema = settingsSchema.partial();
export type SettingsChange = z.infer<typeof settingsChangeSchema>;
