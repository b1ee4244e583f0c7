import { ModelKindError } from '#contract/errors.ts';
import type { DeitConfig, Manifest, TimesformerConfig } from './manifest.ts';

type Named = Pick<Manifest, 'name' | 'architecture'>;

/** @throws ModelKindError when it is an image model. */
export function videoConfig({ name, architecture }: Named): TimesformerConfig {
  if (architecture.kind === 'timesformer') return architecture;
  throw new ModelKindError(`The model "${name}" (${architecture.kind}) looks at images, not at videos.`, {
    hint: 'Choose a TimeSformer; `patchlight models list` shows what is installed.',
  });
}

/** @throws ModelKindError when it is a video model. */
export function imageConfig({ name, architecture }: Named): DeitConfig {
  if (architecture.kind === 'deit') return architecture;
  throw new ModelKindError(`The model "${name}" (${architecture.kind}) looks at videos, not at images.`, {
    hint: 'Choose a DeiT or ViT; `patchlight models list` shows what is installed.',
  });
}
