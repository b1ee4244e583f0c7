/**
 * Where a file that comes with the program lies for programs other than ours. A packaged app is one archive that only Electron
 * can read into; what ffmpeg and onnxruntime have to open lies beside it, under the same path.
 */
export function outsideArchive(path: string): string {
  return path.replace(/([/\\])app\.asar([/\\])/, '$1app.asar.unpacked$2');
}
