/** Shows a moment, and tells when the frame that is on screen then begins. */
export type Look = (seconds: number) => Promise<number>;

/** Shorter frames may be passed by: 120 a second. */
const SHORTEST_SECONDS = 1 / 120;
/** More than are ever needed, where the player shows what is sought. */
const MOST_LOOKS = 48;
/** Less than any frame lasts. */
const JUST_BEFORE_SECONDS = 1e-3;

/**
 * Finds the frame after (or before) the one that begins at `from`, in a video whose frames last differently long: by looking.
 * Forwards it looks twice as far each time until another frame is on screen, then halves the way back, so that long gaps take
 * few looks and no frame is passed by. Ends with the frame on screen.
 *
 * @param frameSeconds What a frame lasts on average.
 * @param endSeconds Where the video ends.
 * @returns When the found frame begins; `from` when there is none.
 */
export async function neighbouringFrame(
  look: Look,
  direction: 1 | -1,
  {
    from,
    frameSeconds,
    endSeconds,
  }: { readonly from: number; readonly frameSeconds: number; readonly endSeconds: number },
): Promise<number> {
  if (direction === -1) return from <= 0 ? from : await look(Math.max(0, from - JUST_BEFORE_SECONDS));

  const isSame = (seconds: number) => seconds - from < JUST_BEFORE_SECONDS;
  const last = endSeconds - JUST_BEFORE_SECONDS;
  let same = from;
  let found = from;
  let looks = 0;
  for (let reach = frameSeconds; isSame(found); reach *= 2) {
    if (same >= last || looks++ > MOST_LOOKS) return from;
    const at = Math.min(from + reach, last);
    found = await look(at);
    if (isSame(found)) same = at;
  }
  let shown = found;
  while (found - same > SHORTEST_SECONDS && looks++ < MOST_LOOKS) {
    const middle = (same + found) / 2;
    shown = await look(middle);
    if (isSame(shown)) same = middle;
    else found = shown;
  }
  return shown === found ? found : await look(found + JUST_BEFORE_SECONDS);
}
