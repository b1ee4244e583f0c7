import { z } from 'zod';

export const deviceRequestSchema = z.enum(['auto', 'cpu', 'cuda', 'webgpu', 'dml', 'coreml']);
export const precisionRequestSchema = z.enum(['auto', 'fp32', 'fp16']);

/** What inference runs on, and why not on something else. */
export const deviceReportSchema = z.object({
  requested: z.object({ device: deviceRequestSchema, precision: precisionRequestSchema }),
  used: z.string(),
  precision: z.string(),
  threads: z.int(),
  refused: z.array(z.object({ device: z.string(), reason: z.string() })),
  machine: z.object({ cpu: z.string(), cores: z.int(), memoryGb: z.number() }),
});
export type DeviceReport = z.infer<typeof deviceReportSchema>;

/** What a view of TimeSformer-B/16 with random weights takes on this machine, of which a share of the tokens is kept. */
const measuredViewSchema = z.object({
  attention: z.string(),
  /** 1: every token. */
  keep: z.number(),
  stemMs: z.number(),
  interpreterMs: z.number(),
  trunkMs: z.number(),
  viewMs: z.number(),
  gmacs: z.number(),
  gmacsPerSecond: z.number(),
  speedUp: z.number(),
});
export type MeasuredView = z.infer<typeof measuredViewSchema>;

const measurementSchema = z.object({
  machine: z.object({ cpu: z.string(), cores: z.int(), memoryGb: z.number(), node: z.string() }),
  device: z.object({ used: z.string(), precision: z.string(), threads: z.int() }),
  views: z.array(measuredViewSchema),
});
export type Measurement = z.infer<typeof measurementSchema>;

export const measureRequestSchema = z.object({
  /** Counted runs of each row. */
  rounds: z.int().min(1).max(50).default(3),
  keeps: z.array(z.number().gt(0).max(1)).max(10).default([0.7, 0.5, 0.3]),
});

export const measureEventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('step'), step: z.string(), done: z.number(), total: z.number() }),
  /** Medians of the rounds so far. */
  z.object({ type: z.literal('views'), views: z.array(measuredViewSchema) }),
  z.object({ type: z.literal('done'), measurement: measurementSchema }),
]);
export type MeasureEvent = z.infer<typeof measureEventSchema>;
