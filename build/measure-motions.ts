/** How fast clips are drawn and what they are made of: `node build/measure-motions.ts [clips] [size]`. */

import { foregroundShare } from '../native-models/motions/foreground-share.ts';
import { motionClip } from '../native-models/motions/motion-clip.ts';

const [clips, size] = [Number(process.argv[2] ?? 500), Number(process.argv[3] ?? 128)];
const [frames, patchSize] = [8, size / 8];
const warmUp = 100;

const milliseconds: number[] = [];
let cpuMicroseconds = 0;
let [touched, quarter, pixels, hidden] = [0, 0, 0, 0];
for (let index = 0; index < clips + warmUp; index++) {
  const [start, cpu] = [performance.now(), process.threadCpuUsage()];
  const { mask } = motionClip('train', index, { frames, size });
  if (index < warmUp) continue;
  milliseconds.push(performance.now() - start);
  const used = process.threadCpuUsage(cpu);
  cpuMicroseconds += used.user + used.system;
  const share = foregroundShare(mask, patchSize, { frames, size });
  touched += share.filter((part) => part > 0).length / share.length;
  quarter += share.filter((part) => part >= 0.125).length / share.length;
  const area = share.reduce((sum, part) => sum + part, 0) / share.length;
  pixels += area;
  if (area < 0.02) hidden++;
}
milliseconds.sort((a, b) => a - b);
const at = (share: number) => (milliseconds[Math.floor(share * (clips - 1))] ?? 0).toFixed(1);
const mean = milliseconds.reduce((sum, value) => sum + value, 0) / clips;
console.log(
  `a clip of ${frames}×${size}×${size}: mean ${mean.toFixed(2)} ms, median ${at(0.5)}, 95 % below ${at(0.95)}`,
);
console.log(`of which ${(cpuMicroseconds / clips / 1000).toFixed(2)} ms on the core; the rest others had it`);
const percent = (value: number) => `${((100 * value) / clips).toFixed(1)} %`;
console.log(`the figure: ${percent(pixels)} of the pixels; ${percent(touched)} of the patches touched,`);
console.log(`${percent(quarter)} covered by an eighth or more; hidden in ${percent(hidden)} of the clips`);
