import { TargetInvalidError } from '#contract/errors.ts';

/** Whose target each file of a run is: two videos of one name must not overwrite each other. */
export class TargetClaims {
  readonly #claims = new Map<string, string>();

  /** @throws TargetInvalidError where another video, or another export of this one, goes there already */
  claim(target: string, owner: string, video: string): void {
    // Many file systems do not tell upper from lower case.
    const place = target.normalize('NFC').toLowerCase();
    const before = this.#claims.get(place);
    if (before !== undefined && before !== owner) {
      throw new TargetInvalidError(`${target} is the target of more than one export; this one would be of ${video}.`, {
        hint: 'Tell them apart: {folder} stands for the folder that a video is in, {model} for the model.',
      });
    }
    this.#claims.set(place, owner);
  }
}
