import type { EngineClient } from '#contract/engine-api.ts';

/** The model that is taken where nobody has chosen one. */
export async function defaultModel(engine: EngineClient): Promise<string> {
  const models = await engine.models.list();
  const model = models.find((one) => one.state === 'usable' && one.isDefault);
  if (model === undefined) throw new Error('There is no model to analyse with. Import one on the Models screen.');
  return model.name;
}
