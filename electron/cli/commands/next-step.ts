/** What to do with a model that has just come. */
export function nextStep(model: string, forVideos: boolean): string {
  return `Next: patchlight ${forVideos ? 'analyze VIDEO' : 'interpret -p IMAGE'} --model ${model}`;
}
