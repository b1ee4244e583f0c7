import { contextBridge, ipcRenderer, webUtils } from 'electron';
import { bridgePage, type PreloadParts } from './bridge-page.ts';

// Runs sandboxed, in a world of its own beside the page's.
bridgePage({ contextBridge, ipcRenderer, webUtils, window: globalThis as unknown as PreloadParts['window'] });
