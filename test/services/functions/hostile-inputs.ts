/** Input schemas and sources written to hang, to fill or to break whoever checks them. */

/** `^(a+)+$` and such: a check that backtracks for ever. */
export const CATASTROPHIC = { type: 'string', pattern: '^(a+)+$' } as const;
export const CATASTROPHIC_VALUE = `${'a'.repeat(40)}b`;

/** Doubles at each level: 2^30 ways. */
function doubling(levels: number): Record<string, unknown> {
  const $defs: Record<string, unknown> = { level0: { const: 1 } };
  for (let level = 1; level <= levels; level += 1) {
    const below = { $ref: `#/$defs/level${level - 1}` };
    $defs[`level${level}`] = { anyOf: [below, below] };
  }
  return { $defs, $ref: `#/$defs/level${levels}` };
}
export const DOUBLING = doubling(30);

export const SELF_REFERENCE = { $defs: { a: { $ref: '#/$defs/a' } }, $ref: '#/$defs/a' } as const;
export const ROUND_REFERENCE = {
  $defs: { a: { $ref: '#/$defs/b' }, b: { $ref: '#/$defs/a' } },
  $ref: '#/$defs/a',
} as const;

export const UNIQUE = { type: 'array', uniqueItems: true } as const;
/** Objects that differ at the very end: each is compared with each. */
export const NEARLY_EQUAL = Array.from({ length: 6_000 }, (_, index) => ({
  a: { b: [1, 2, index] },
}));

export function nested(levels: number): Record<string, unknown> {
  let schema: Record<string, unknown> = {};
  for (let level = 0; level < levels; level += 1) schema = { not: schema };
  return schema;
}
