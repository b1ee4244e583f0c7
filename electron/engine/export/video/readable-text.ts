/** Stands for a character that the typeface does not have. */
const UNKNOWN = '□';

/** What the typeface is sure to have: the three alphabets, and the signs of European languages. */
const DRAWN =
  /[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\u0020-\u007e\u00a0-\u00ff\u2010-\u2027\u2030-\u203a€−≠≤≥]/u;

/** A label as it can be drawn on one line. */
export function readableText(text: string): string {
  let drawn = '';
  for (const character of text.normalize('NFC').replaceAll(/\s+/g, ' ')) {
    // Marks that combine with nothing drawn, and what has no shape of its own, would only leave holes.
    if (/[\p{M}\p{Cc}\p{Cf}]/u.test(character)) continue;
    drawn += DRAWN.test(character) ? character : UNKNOWN;
  }
  return drawn.trim();
}

/** The text, or as much of it as fits, with an ellipsis. */
export function fitted(text: string, width: number, widthOf: (text: string) => number): string {
  if (widthOf(text) <= width) return text;
  const characters = [...text];
  let fits = 0;
  let tooMany = characters.length;
  while (tooMany - fits > 1) {
    const middle = (fits + tooMany) >> 1;
    if (widthOf(shortened(characters, middle)) <= width) fits = middle;
    else tooMany = middle;
  }
  return shortened(characters, fits);
}

function shortened(characters: readonly string[], count: number): string {
  return `${characters.slice(0, count).join('').trimEnd()}…`;
}
