import { describe, expect, test } from 'vitest';
import { ClassLabels } from '#engine/evaluation/data-set/class-labels.ts';

describe('a label', () => {
  const labels = new ClassLabels([
    'riding a bike',
    'jumping_jacks',
    '"catching or throwing"',
    '7',
    'Walk',
    'walk',
    'WALK',
  ]);

  test.each([
    ['is a name', 'riding a bike', 0],
    ['is a name in other letters', 'Riding A Bike', 0],
    ['is a name with underscores for blanks', 'riding_a_bike', 0],
    ['is a name with dashes', 'jumping-jacks', 1],
    ['is a name in quotes', '"riding a bike"', 0],
    ['is the plain form of a class that is in quotes', 'catching or throwing', 2],
    ['is a number', '1', 1],
    ['is a number in quotes', ' "1" ', 1],
    ['is a class called like a number before it is the number', '7', 3],
    ['is the exact name where several differ in letters only', 'walk', 5],
  ])('%s: %j', (_, label, index) => {
    expect(labels.find(label)).toBe(index);
  });

  test.each([
    ['of no class', 'swimming'],
    ['out of range', '8'],
    ['that is no whole number', '1.5'],
    ['below zero', '-1'],
    ['that fits several classes', 'wALk'],
    ['without letters', ''],
  ])('%s is not found: %j', (_, label) => {
    expect(labels.find(label)).toBeNull();
  });

  test('of equal names is the first', () => {
    expect(new ClassLabels(['a', 'b', 'a']).find('a')).toBe(0);
    expect(new ClassLabels(['a', 'b', 'a']).find('A')).toBe(0);
  });
});
