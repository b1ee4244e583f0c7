import { open, stat } from 'node:fs/promises';
import { EmptyFileError, FileNotFoundError, PlaylistRefusedError } from '#contract/errors.ts';

/** First bytes of a file, enough for every signature below. */
const HEAD_BYTES = 4096;

/** Names of the first box in files of the MP4 and QuickTime family. */
const MP4_BOXES = new Set(['ftyp', 'moov', 'mdat', 'wide', 'free', 'skip', 'pnot']);

export interface FileHead {
  readonly sizeBytes: number;
  /** The bytes look like an MP4 or QuickTime file, whatever the name says. */
  readonly looksLikeMp4: boolean;
}

/**
 * Looks at a file before any decoder does.
 *
 * Playlists and scripts are refused here, by what they contain: ffmpeg would open the files and servers they name.
 *
 * @throws FileNotFoundError, EmptyFileError, PlaylistRefusedError
 */
export async function readFileHead(path: string): Promise<FileHead> {
  const facts = await stat(path).catch((cause: unknown) => {
    throw new FileNotFoundError(`There is no file ${path}.`, { hint: 'Check the path.', cause });
  });
  if (!facts.isFile()) {
    throw new FileNotFoundError(`${path} is not a file.`, { hint: 'Name a video file, not a folder or a device.' });
  }
  if (facts.size === 0) {
    throw new EmptyFileError(`${path} is empty.`, { hint: 'The file has no bytes: copy or download it again.' });
  }
  const file = await open(path).catch((cause: unknown) => {
    throw new FileNotFoundError(`${path} cannot be read.`, { hint: 'Check that you may read the file.', cause });
  });
  await using _ = { [Symbol.asyncDispose]: () => file.close() };
  const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
  const head = buffer.toString('latin1', 0, bytesRead);
  if (isPlaylist(path, head)) {
    throw new PlaylistRefusedError(`${path} is a playlist: it points at other files instead of holding a video.`, {
      hint: 'Open the video files it names.',
    });
  }
  return { sizeBytes: facts.size, looksLikeMp4: MP4_BOXES.has(head.slice(4, 8)) };
}

function isPlaylist(path: string, head: string): boolean {
  if (/\.(m3u8?|ffconcat|mpd|pls|sdp|asx|xspf|smil?)$/i.test(path)) return true;
  const text = head.replace(/^\u00ef\u00bb\u00bf/, '').trimStart();
  return (
    /^(#EXTM3U|ffconcat version|\[playlist\]|v=0\s+o=|<smil|<asx)/i.test(text) || /<(MPD|AssetMap)[\s>]/.test(text)
  );
}
