import type { MotionClass } from '../classes.ts';
import type { Choreography } from './action.ts';
import { clap, punch, toss, wave } from './arms.ts';
import { getUp, lieDown, sitDown, standUp } from './floor.ts';
import { run, walk, walkBackwards } from './gaits.ts';
import { jump, jumpingJack } from './jumps.ts';
import { bend, kick, squat } from './legs.ts';
import { cartwheel, turnAround } from './turns.ts';

/** What each class does. */
export const choreographies: Readonly<Record<MotionClass, Choreography>> = {
  bend,
  cartwheel,
  clap,
  'get up': getUp,
  jump,
  'jumping jack': jumpingJack,
  kick,
  'lie down': lieDown,
  punch,
  run,
  'sit down': sitDown,
  squat,
  'stand up': standUp,
  throw: toss,
  'turn around': turnAround,
  walk,
  'walk backwards': walkBackwards,
  wave,
};
