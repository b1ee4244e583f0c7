import { buildRenderer } from './renderer.ts';

/** Builds the page, unless it is newer than everything that it is made of. */

await buildRenderer();
