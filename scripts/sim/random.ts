/**
 * Chance from a seed: SplitMix32 steps mixed as in MurmurHash3, so that neighbouring seeds differ at
 * once. The same seed gives the same run on every machine; it is no source of secrets.
 */
export interface Chance {
  /** In [0, 1). */
  fraction(): number;
  /** True with this probability. */
  hits(probability: number): boolean;
  /** From `least` to `most`, both included. */
  between(least: number, most: number): number;
  oneOf<Value>(values: readonly [Value, ...Value[]]): Value;
  bits32(): number;
}

export function chanceOf(seed: number): Chance {
  let state = Math.imul(seed ^ 0x9e37_79b9, 0x85eb_ca6b) >>> 0;
  const bits32 = (): number => {
    state = (state + 0x9e37_79b9) >>> 0;
    let mixed = state;
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85eb_ca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2_ae35);
    return (mixed ^ (mixed >>> 16)) >>> 0;
  };
  const fraction = () => bits32() / 2 ** 32;
  const between = (least: number, most: number) =>
    least + Math.floor(fraction() * (most - least + 1));
  return {
    fraction,
    hits: (probability) => fraction() < probability,
    between,
    oneOf: (values) => values[between(0, values.length - 1)] ?? values[0],
    bits32,
  };
}
