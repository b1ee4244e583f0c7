import { expect, test } from 'vitest';
import type { ExportChoice } from '#contract/export-choice.ts';
import { destinationOf } from '../../../../renderer/src/state/export-order.ts';

test.each<[ExportChoice['to'], string, string]>([
  [null, 'beside', 'download'],
  ['beside', 'beside', 'beside'],
  // A browser chooses no folders.
  ['folder', 'folder', 'download'],
  ['download', 'download', 'download'],
])('a choice of %s leads to %s on the desktop, and to %s in a browser', (to, onDesktop, inBrowser) => {
  expect([destinationOf({ to }, true), destinationOf({ to }, false)]).toEqual([onDesktop, inBrowser]);
});
