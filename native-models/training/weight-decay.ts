/**
 * Whether weight decay pulls the parameter `name` towards zero: matrices yes; biases, normalisations, the class token
 * and the embeddings of place and time no, as in DeiT (Touvron et al. 2021) and TimeSformer (`no_weight_decay`).
 */
export function isDecayed(name: string): boolean {
  return name.endsWith('.weight') && !/(^|[._])norm\d*\.weight$/.test(name);
}
