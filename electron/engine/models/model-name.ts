/** A name that a model can have, from any text: `TimeSformer_divST_8x32` → `timesformer_divst_8x32`. Empty where none can. */
export function modelNameFrom(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^[^a-z0-9]+/, '')
    .slice(0, 64);
}

/** The name of a checkpoint file or folder, without what tells its format. */
export function checkpointTitle(fileName: string): string {
  return fileName.replace(/\.(pyth|pth|pt|bin|safetensors)$/i, '');
}
