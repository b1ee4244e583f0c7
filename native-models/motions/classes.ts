/**
 * What the figures do. Several can only be told apart by how a clip goes on: every single frame of `walk` is one of
 * `walk backwards`; `sit down` and `lie down` are `stand up` and `get up` in reverse; `turn around` stands like others do.
 */
export const motionClasses = [
  'bend',
  'cartwheel',
  'clap',
  'get up',
  'jump',
  'jumping jack',
  'kick',
  'lie down',
  'punch',
  'run',
  'sit down',
  'squat',
  'stand up',
  'throw',
  'turn around',
  'walk',
  'walk backwards',
  'wave',
] as const;

export type MotionClass = (typeof motionClasses)[number];
