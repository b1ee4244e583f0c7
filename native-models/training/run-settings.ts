import { createHash } from 'node:crypto';

/** What JSON can say. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}

/** A number for everything that decides how a run comes out: equal for equal settings, whatever the order of their keys. */
export function fingerprintOf(settings: JsonObject): string {
  return createHash('sha256')
    .update(JSON.stringify(leavesOf(settings)))
    .digest('hex');
}

/** What is different between two settings, as a sentence: `optimizer.momentum was 0.9 and is 0.5.` */
export function differenceBetween(before: JsonObject, now: JsonObject): string {
  const [old, fresh] = [new Map(leavesOf(before)), new Map(leavesOf(now))];
  const names = [...new Set([...old.keys(), ...fresh.keys()])].filter((name) => old.get(name) !== fresh.get(name));
  const said = (value: string | undefined) => value ?? 'absent';
  const shown = names.slice(0, 3).map((name) => `${name} was ${said(old.get(name))} and is ${said(fresh.get(name))}`);
  const more = names.length > shown.length ? `; ${names.length - shown.length} more` : '';
  return `${shown.join('; ')}${more}.`;
}

/** Every value with the path to it, sorted by path. */
function leavesOf(value: Json, path = ''): [path: string, value: string][] {
  if (value === null || typeof value !== 'object' || Object.keys(value).length === 0) {
    return [[path, JSON.stringify(value)]];
  }
  return Object.entries(value)
    .flatMap(([key, inner]) => leavesOf(inner, path === '' ? key : `${path}.${key}`))
    .sort(([a], [b]) => (a < b ? -1 : 1));
}
