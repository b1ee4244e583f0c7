import { BUILT_DESKTOP, buildDesktop } from './desktop.ts';

/** `npm run build:desktop`: builds the desktop app, which `npx electron dist/desktop` starts. */

await buildDesktop();
console.log(`Built: ${BUILT_DESKTOP}`);
