import { glob, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { Style } from '../../../../native-models/motions/actions/action.ts';
import { choreographies } from '../../../../native-models/motions/actions/choreographies.ts';
import { figureParts, type Pose } from '../../../../native-models/motions/body/figure.ts';
import { personOf } from '../../../../native-models/motions/body/wardrobe.ts';
import { motionClasses } from '../../../../native-models/motions/classes.ts';
import { Random } from '../../../../native-models/motions/random.ts';
import { cosine, sine } from '../../../../native-models/motions/sine.ts';

const seconds = 64 / 30;
const style = (phase: number): Style => ({ tempo: 1.1, amplitude: 0.9, phase, seconds, random: new Random(3) });

/** The angles of a pose, in order. */
const angles = ({ lean, sway, turn, left, right }: Pose): number[] => [
  ...[lean, sway, turn],
  ...[left.arm, left.leg, right.arm, right.leg].flatMap((limb) => Object.values(limb) as number[]),
];

function expectSamePose(a: Pose, b: Pose): void {
  for (const [i, angle] of angles(a).entries()) expect(angle).toBeCloseTo(angles(b)[i]!, 6);
}

describe('actions that single frames do not tell apart', () => {
  test('walking backwards is walking with time running back', () => {
    const [there, back] = [choreographies.walk(style(-0.3)), choreographies['walk backwards'](style(0.3))];
    for (const at of [0, 0.4, 1.1, 2]) {
      expectSamePose(back(at).pose, there(-at).pose);
      expect(back(at).ahead).toBeCloseTo(there(-at).ahead!, 6);
    }
    expect(back(1).ahead!).toBeLessThan(back(0).ahead!);
  });

  test.each([
    ['stand up', 'sit down'],
    ['get up', 'lie down'],
  ] as const)('%s begins as %s ends, and ends as it begins', (up, down) => {
    const [rise, sink] = [choreographies[up](style(0.4)), choreographies[down](style(0.4))];
    expectSamePose(rise(0).pose, sink(seconds).pose);
    expectSamePose(rise(seconds).pose, sink(0).pose);
  });
});

test.each(motionClasses)('%s moves no joint by a jerk and never leaves the floor by more than a jump', (name) => {
  const action = choreographies[name](style(0.37));
  const step = 1 / 240;
  let before = angles(action(0).pose);
  for (let at = step; at < seconds; at += step) {
    const now = angles(action(at).pose);
    for (const [i, angle] of now.entries()) expect(Math.abs(angle - before[i]!)).toBeLessThan(0.25);
    before = now;
    const parts = figureParts(personOf(9), action(at).pose, { x: 0, z: 0, heading: 1 });
    const lowest = Math.min(...parts.map((p) => Math.min(p.from[1] - p.fromRadius, p.to[1] - p.toRadius)));
    expect(lowest).toBeCloseTo(action(at).pose.lift, 9);
    expect(lowest).toBeLessThan(0.65);
  }
});

describe('what fixes the bytes on every machine', () => {
  test('sine and cosine agree with the mathematical ones', () => {
    for (let x = -60; x < 60; x += 0.0371) {
      expect(Math.abs(sine(x) - Math.sin(x))).toBeLessThan(2e-9);
      expect(Math.abs(cosine(x) - Math.cos(x))).toBeLessThan(2e-9);
    }
  });

  test('nothing uses arithmetic that the language leaves to the engine', async () => {
    const folder = fileURLToPath(new URL('../../../../native-models/motions', import.meta.url));
    let files = 0;
    for await (const file of glob('**/*.ts', { cwd: folder })) {
      const source = await readFile(`${folder}/${file}`, 'utf8');
      const code = source.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*/g, '');
      const used = code.match(/Math\.\w+|\b\w+ \*\* \w+/g) ?? [];
      const exact = /^Math\.(PI|sqrt|floor|ceil|round|abs|min|max|sign|imul)$|^2 \*\* \d+$/;
      expect({ file, inexact: used.filter((name) => !exact.test(name)) }).toEqual({ file, inexact: [] });
      files++;
    }
    expect(files).toBeGreaterThan(20);
  });
});
