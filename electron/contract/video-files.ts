/**
 * What people call videos: endings of file names, without the dot, and the media type that goes with each. Dialogs, folders
 * and the system's file manager go by them; whether a file is a video is found out when it is opened.
 */
export const VIDEO_FILES = {
  mp4: 'video/mp4',
  m4v: 'video/mp4',
  mov: 'video/quicktime',
  mkv: 'video/x-matroska',
  webm: 'video/webm',
  avi: 'video/x-msvideo',
  mpg: 'video/mpeg',
  mpeg: 'video/mpeg',
  m2ts: 'video/mp2t',
  mts: 'video/mp2t',
  ts: 'video/mp2t',
  vob: 'video/mpeg',
  wmv: 'video/x-ms-wmv',
  flv: 'video/x-flv',
  '3gp': 'video/3gpp',
  ogv: 'video/ogg',
  gif: 'image/gif',
  y4m: 'video/x-raw-yuv4mpeg',
  mxf: 'application/mxf',
} as const satisfies Readonly<Record<string, string>>;

/** Without the dot. */
export const VIDEO_EXTENSIONS: readonly string[] = Object.keys(VIDEO_FILES);
