import { describe, expect, it } from 'vitest';
import { ResidentSessions } from '#native-models/runtime/resident-sessions.ts';

describe('resident sessions', () => {
  it('make room by the session that was used longest ago', () => {
    const resident = new ResidentSessions(2);
    resident.add('stem', 1);
    resident.add('trunk', 2);
    expect(resident.use('stem')).toBe(1);
    expect(resident.makeRoom()).toEqual([2]);
    expect(resident.use('trunk')).toBeUndefined();
    expect(resident.use('stem')).toBe(1);
  });

  it('need no room below the limit', () => {
    const resident = new ResidentSessions(2);
    resident.add('stem', 1);
    expect(resident.makeRoom()).toEqual([]);
  });

  it('never give the same number twice', () => {
    const resident = new ResidentSessions(1);
    expect(new Set([resident.number(), resident.number(), resident.number()]).size).toBe(3);
  });
});
