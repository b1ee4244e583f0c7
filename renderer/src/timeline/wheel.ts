const LINE_PX = 16;
const PAGE_PX = 400;

/** By how much a turn of the wheel zooms; a pinch on a touch pad comes as a wheel with Ctrl, in small steps. */
export function zoomFactor({
  deltaY,
  deltaMode,
  ctrlKey,
}: Pick<WheelEvent, 'deltaY' | 'deltaMode' | 'ctrlKey'>): number {
  const pixels = deltaY * ([1, LINE_PX, PAGE_PX][deltaMode] ?? 1);
  return Math.exp(-pixels * (ctrlKey ? 0.01 : 0.002));
}
