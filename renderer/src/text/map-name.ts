import { SELECTOR_WORDS } from './selector.ts';

const WORDS: Readonly<Record<string, string>> = {
  ...SELECTOR_WORDS,
  attention: 'Attention, block 2',
  'attention-rollout': 'Attention rollout',
  'attention-gradient': 'Attention × gradient',
  'input-gradient': 'Input × gradient',
  occlusion: 'Occlusion',
};

/** A map of a video or of an image as people call it. */
export function mapName(name: string): string {
  const [, group] = /^interpreter-(\d+)$/.exec(name) ?? [];
  return group === undefined ? (WORDS[name] ?? name) : `Interpreter ${group}`;
}
