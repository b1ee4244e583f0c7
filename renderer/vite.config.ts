import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';
import { thirdPartyPlugin } from '../build/third-party/third-party-plugin.ts';

/** The page: built once, shown by Electron and by `serve`. */
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  // Addresses are relative, so that the page works under any protocol.
  base: './',
  plugins: [svelte({ configFile: false }), thirdPartyPlugin()],
  build: {
    outDir: fileURLToPath(new URL('../dist/renderer', import.meta.url)),
    emptyOutDir: true,
    target: ['chrome140', 'firefox140', 'safari18'],
    // Would be a script of its own that nobody needs.
    modulePreload: { polyfill: false },
  },
});
