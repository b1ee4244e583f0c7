const NAMES: Readonly<Record<string, string>> = {
  attention: 'Attention, block 2',
  'attention-rollout': 'Attention rollout',
  'attention-gradient': 'Attention × gradient',
  'input-gradient': 'Input × gradient',
  occlusion: 'Occlusion',
  random: 'Random',
};

/** A map as people call it. */
export function mapName(name: string): string {
  const [, group] = /^interpreter-(\d+)$/.exec(name) ?? [];
  return group === undefined ? (NAMES[name] ?? name) : `Interpreter ${group}`;
}
