import type { Attachment } from 'svelte/attachments';
import type { TimelineView } from './timeline-view.svelte.ts';
import { lengthOf } from './viewport.ts';
import { zoomFactor } from './wheel.ts';

interface Listeners {
  readonly onseek: (seconds: number) => void;
  /** Null when the pointer has left. */
  readonly onhover: (seconds: number | null) => void;
}

/**
 * What a hand does on the lanes: a click or a drag seeks; with Shift or the middle button a drag moves what is shown. The
 * wheel and two fingers zoom, the wheel with Shift or sideways moves.
 */
export function timelineGestures(view: TimelineView, { onseek, onhover }: Listeners): Attachment<HTMLElement> {
  return (element) => {
    const pointers = new Map<number, number>();
    let drag: 'seek' | 'move' | 'pinch' | null = null;

    const secondsAt = (clientX: number) => {
      const { left, width } = element.getBoundingClientRect();
      return view.span.startSeconds + ((clientX - left) / width) * lengthOf(view.span);
    };
    const secondsOf = (pixels: number) => (pixels / element.clientWidth) * lengthOf(view.span);

    const down = (event: PointerEvent) => {
      if (event.button > 1) return;
      // The focus stays where it is: Space goes on playing.
      event.preventDefault();
      element.setPointerCapture(event.pointerId);
      pointers.set(event.pointerId, event.clientX);
      if (pointers.size > 1) drag = 'pinch';
      else drag = event.button === 1 || event.shiftKey ? 'move' : 'seek';
      if (drag === 'seek') onseek(secondsAt(event.clientX));
    };

    const move = (event: PointerEvent) => {
      const before = pointers.get(event.pointerId);
      if (drag === 'pinch' && before !== undefined) pinch(event.pointerId, before, event.clientX);
      else if (drag === 'move' && before !== undefined) view.move(-secondsOf(event.clientX - before));
      else if (drag === 'seek') onseek(secondsAt(event.clientX));
      if (before !== undefined) pointers.set(event.pointerId, event.clientX);
      onhover(event.pointerType === 'touch' ? null : secondsAt(event.clientX));
    };

    /** What lies between the two fingers grows with their distance, and follows them. */
    const pinch = (pointer: number, before: number, after: number) => {
      const other = [...pointers].find(([id]) => id !== pointer)?.[1];
      if (other === undefined) return;
      view.zoom(Math.abs(after - other) / Math.max(1, Math.abs(before - other)), secondsAt((after + other) / 2));
      view.move(-secondsOf((after - before) / 2));
    };

    const up = (event: PointerEvent) => {
      pointers.delete(event.pointerId);
      // One finger that is left of two does not begin to seek.
      if (pointers.size === 0) drag = null;
    };

    const wheel = (event: WheelEvent) => {
      const { deltaX, deltaY, shiftKey } = event;
      const sideways = shiftKey ? deltaX + deltaY : Math.abs(deltaX) > Math.abs(deltaY) ? deltaX : 0;
      if (sideways !== 0) view.move(secondsOf(sideways));
      // At its limits the page may scroll.
      else if (!view.zoom(zoomFactor(event), secondsAt(event.clientX))) return;
      event.preventDefault();
      onhover(secondsAt(event.clientX));
    };

    const listening = new AbortController();
    const { signal } = listening;
    element.addEventListener('pointerdown', down, { signal });
    element.addEventListener('pointermove', move, { signal });
    element.addEventListener('pointerup', up, { signal });
    element.addEventListener('pointercancel', up, { signal });
    element.addEventListener('pointerleave', () => onhover(null), { signal });
    element.addEventListener('wheel', wheel, { signal, passive: false });
    return () => listening.abort();
  };
}
