import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Configuration } from 'electron-builder';
import { VIDEO_FILES } from '#contract/video-files.ts';
import { BUILT_DESKTOP } from '../desktop.ts';
import { BUILT_ICONS } from './icons.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Where packages are put. */
export const PACKAGES = join(root, 'dist', 'packages');

/** What each system's packages are made for. There is no onnxruntime for Intel's Macs. */
export const PROCESSORS: Record<'linux' | 'darwin' | 'win32', ('x64' | 'arm64')[]> = {
  linux: ['x64', 'arm64'],
  darwin: ['arm64'],
  win32: ['x64', 'arm64'],
};

const ONNXRUNTIME = 'node_modules/onnxruntime-node';

/** A value that electron-builder fills in for each package. */
const macro = (name: string) => `\${${name}}`;

/** Leaves out what onnxruntime has for other computers: it is most of a package. */
const onnxruntimeFor = (...others: readonly string[]) => [
  ...others.map((platform) => `!${ONNXRUNTIME}/bin/*/${platform}/**`),
  `!${ONNXRUNTIME}/bin/*/*/!(${macro('arch')})/**`,
];

/** libvips, which reads images, comes as packages for each system, of which one is left. */
const LIBVIPS = 'node_modules/@img';
const libvipsFor = (platform: NodeJS.Platform) => [
  `!${LIBVIPS}/sharp-!(libvips-*|${platform}-${macro('arch')})/**`,
  `!${LIBVIPS}/sharp-libvips-!(${platform}-${macro('arch')})/**`,
];

/** How electron-builder makes packages of the built desktop app. */
export const packaging: Configuration = {
  appId: 'app.patchlight',
  productName: 'Patchlight',
  artifactName: `Patchlight-${macro('version')}-${macro('os')}-${macro('arch')}.${macro('ext')}`,
  directories: { app: BUILT_DESKTOP, output: PACKAGES, buildResources: BUILT_ICONS },

  // Everything that was built, and of the libraries what runs.
  files: ['**/*', '!node_modules/**/*.{map,ts,mts,cts}', `!${ONNXRUNTIME}/script/**`],
  asar: true,
  // ffmpeg, onnxruntime and libvips open these themselves, and cannot look into an archive.
  asarUnpack: [`${ONNXRUNTIME}/**`, `${LIBVIPS}/sharp-*/**`, 'native-models/bundles/**', 'build/sample/**'],
  // Its libraries are made for every Electron.
  npmRebuild: false,

  // What a running window does not need is switched off in the program itself.
  electronFuses: {
    runAsNode: false,
    enableNodeOptionsEnvironmentVariable: false,
    enableNodeCliInspectArguments: false,
    grantFileProtocolExtraPrivileges: false,
    enableCookieEncryption: true,
    enableEmbeddedAsarIntegrityValidation: true,
    onlyLoadAppFromAsar: true,
  },

  fileAssociations: Object.entries(VIDEO_FILES).map(([ext, mimeType]) => ({
    ext,
    mimeType,
    name: `${ext.toUpperCase()} video`,
    role: 'Viewer',
    // Offered for videos, and nobody's player is replaced.
    rank: 'Alternate',
  })),

  linux: {
    target: ['AppImage', 'deb'].map((target) => ({ target, arch: PROCESSORS.linux })),
    files: [...onnxruntimeFor('darwin', 'win32'), ...libvipsFor('linux')],
    icon: join(BUILT_ICONS, 'linux'),
    category: 'AudioVideo',
    executableName: 'patchlight',
    synopsis: 'See what a video transformer recognises, and which patches it looked at',
    maintainer: 'The Patchlight authors',
  },
  deb: { recommends: ['ffmpeg'] },

  mac: {
    target: ['dmg', 'zip'].map((target) => ({ target, arch: PROCESSORS.darwin })),
    files: [...onnxruntimeFor('linux', 'win32'), ...libvipsFor('darwin')],
    icon: join(BUILT_ICONS, 'icon.icns'),
    category: 'public.app-category.video',
  },

  win: {
    target: [{ target: 'nsis', arch: PROCESSORS.win32 }],
    files: [...onnxruntimeFor('linux', 'darwin'), ...libvipsFor('win32')],
    icon: join(BUILT_ICONS, 'icon.ico'),
  },
  // Files are associated only by an installation for everybody.
  nsis: { oneClick: false, perMachine: true, allowToChangeInstallationDirectory: true },

  publish: null,
};
