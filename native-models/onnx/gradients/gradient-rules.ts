import { ARITHMETIC_RULES } from './arithmetic.ts';
import { ATTENTION_RULES } from './attention.ts';
import { COMPARISON_RULES } from './comparisons.ts';
import { MATRIX_RULES } from './matrices.ts';
import type { GradientRule } from './rule.ts';
import { SHAPE_RULES } from './shapes.ts';

/** The gradient of every operator that has one, by its name in ONNX. */
export const GRADIENT_RULES: Readonly<Record<string, GradientRule | undefined>> = {
  ...ARITHMETIC_RULES,
  ...COMPARISON_RULES,
  ...MATRIX_RULES,
  ...SHAPE_RULES,
  ...ATTENTION_RULES,
};
