import { expect, test } from 'vitest';
import { type PlaybackFacts, playbackOf } from '#engine/video/playback.ts';

const MP4: PlaybackFacts = {
  container: 'mov,mp4,m4a,3gp,3g2,mj2',
  codec: 'h264',
  pixelFormat: 'yuv420p',
  isFirstStream: true,
  saysLength: true,
  rotation: 0,
  startSeconds: 0,
  framesPerSecond: 25,
};
const MKV: PlaybackFacts = { ...MP4, container: 'matroska,webm' };

const plays: [string, PlaybackFacts][] = [
  ['H.264 in MP4', MP4],
  ['H.264 in Matroska', MKV],
  ['VP9 in WebM', { ...MKV, codec: 'vp9' }],
  ['AV1 with 10 bits', { ...MKV, codec: 'av1', pixelFormat: 'yuv420p10le' }],
  ['H.264 with full range', { ...MP4, pixelFormat: 'yuvj420p' }],
  ['a quarter turn in MP4', { ...MP4, rotation: 270 }],
  ['a begin that is two frames late in MP4, as B-frames without an edit list make it', { ...MP4, startSeconds: 0.08 }],
  ['any late begin in Matroska', { ...MKV, startSeconds: 8.3 }],
  ['a rounding error before 0', { ...MKV, startSeconds: -0.0004 }],
];

test.each(plays)('the player shows %s itself', (_what, facts) => {
  expect(playbackOf(facts)).toBe('direct');
});

const needs: [string, PlaybackFacts][] = [
  ['HEVC', { ...MP4, codec: 'hevc' }],
  ['HEVC with 10 bits', { ...MP4, codec: 'hevc', pixelFormat: 'yuv420p10le' }],
  ['MPEG-4 part 2', { ...MP4, codec: 'mpeg4' }],
  ['MPEG-2', { ...MP4, codec: 'mpeg2video' }],
  ['ProRes with 10 bits', { ...MP4, codec: 'prores', pixelFormat: 'yuv422p10le' }],
  ['RGB in H.264', { ...MP4, pixelFormat: 'gbrp' }],
  ['pixels of an unknown kind', { ...MP4, pixelFormat: null }],
  ['AVI', { ...MP4, container: 'avi' }],
  ['a transport stream', { ...MP4, container: 'mpegts' }],
  ['a program stream', { ...MP4, container: 'mpeg' }],
  ['FLV', { ...MP4, container: 'flv' }],
  ['an animation', { ...MP4, container: 'gif', codec: 'gif', pixelFormat: 'bgra' }],
  ['a codec called like a property of objects', { ...MP4, codec: 'constructor' }],
  ['a begin that is late in MP4, where the end could not be reached', { ...MP4, startSeconds: 8.3 }],
  ['frames before 0, which would never be shown', { ...MKV, startSeconds: -0.5 }],
  ['a recording that does not say how long it is', { ...MKV, saysLength: false }],
  ['another video stream before the analysed one', { ...MP4, isFirstStream: false }],
  ['a quarter turn in Matroska, which the player overlooks', { ...MKV, rotation: 90 }],
  ['a turn by a few degrees', { ...MP4, rotation: 10 }],
];

test.each(needs)('%s needs a preview', (_what, facts) => {
  expect(playbackOf(facts)).toBe('proxy');
});
