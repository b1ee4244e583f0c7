/** What the shapes are. Each is told by its whole outline: pieces of all of them lie about in every picture. */
export const shapeClasses = [
  'arrow',
  'bolt',
  'crescent',
  'cross',
  'drop',
  'frame',
  'gear',
  'heart',
  'hexagon',
  'ring',
  'star',
  'triangle',
] as const;

export type ShapeClass = (typeof shapeClasses)[number];
