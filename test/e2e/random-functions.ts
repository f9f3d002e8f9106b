/**
 * Random functions of the kinds people write, each valid JavaScript: arithmetic, strings, arrays, objects, randomness,
 * time, regular expressions, JSON, classes, promises, maps, sorting, logs, actions, and now and then a throw. The same
 * seed gives the same functions.
 */
export interface RandomFunction {
  readonly source: string;
  readonly params: { readonly n: number; readonly words: readonly string[] };
}

export type Random = (below: number) => number;

/** Mulberry32. */
export function randomOf(seed: number): Random {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

type Part = (r: Random) => string;

const pick = <Value>(r: Random, values: readonly Value[]): Value => {
  const value = values[r(values.length)];
  if (value === undefined) throw new Error('there is something to pick from');
  return value;
};

const number: Part = (r) =>
  pick<Part>(r, [
    () => String(r(1000)),
    () => `(n + ${r(10)})`,
    () => `${r(100)} / ${r(7)}`,
    () => `0.1 * ${r(50)}`,
    () => `Math.floor(Math.random() * ${1 + r(1000)})`,
    () => 'Math.random()',
    () => 'Date.now() % 100000',
    () => `Math.${pick(r, ['sqrt', 'sin', 'exp', 'log1p', 'cbrt', 'fround'])}(n + ${r(9)})`,
    () => `words.length * ${r(5)}`,
    () => `parseInt("${r(999)}x", ${2 + r(30)}) || 0`,
    () => `(${r(1 << 20)} ^ (n << ${r(16)}))`,
    () => `Number((${r(99)}n ** ${r(40)}n) % 9007199254740881n)`,
  ])(r);

const text: Part = (r) =>
  pick<Part>(r, [
    () => `words.join("${pick(r, ['-', ' ', 'ü', '€', '😀'])}")`,
    () => `words[${r(3)}] ?? "none"`,
    () => `"${pick(r, ['neo', 'GAS', 'ß', 'İ'])}".repeat(${r(6)}).toUpperCase()`,
    () => `\`value \${${number(r)}}\``,
    () => `words.join("").replace(/[aeiou]${pick(r, ['', '+', '?'])}/g, (v) => v.length)`,
    () => `words.join(" ").normalize("NFD").slice(${r(4)}, ${4 + r(9)})`,
    () => `JSON.stringify({ n, at: new Date().toISOString(), x: ${number(r)} })`,
    () => `new Date(${r(2 ** 31)} * 1000).toISOString()`,
    () => `(${number(r)}).toFixed(${r(6)})`,
    () => `String([..."${pick(r, ['añb', '日本語', 'a😀b'])}"].reverse())`,
    () => `(1234.5).toLocaleString()`,
  ])(r);

const list: Part = (r) =>
  pick<Part>(r, [
    () => `words.map((w, i) => w + i)`,
    () => `Array.from({ length: ${r(20)} }, (_, i) => i * ${number(r)})`,
    () => `[${number(r)}, ${text(r)}, null, ${r(2) === 0}]`,
    () => `[...words].sort((a, b) => (a < b ? ${pick(r, ['-1 : 1', '1 : -1'])}))`,
    () => `Array.from({ length: ${r(30)} }, () => Math.random()).sort()`,
    () => `[...new Set(words.map((w) => w.length))]`,
    () => `[...new Map(words.map((w) => [w.length, w]))]`,
    () => `Object.entries({ a: ${number(r)}, [${text(r)}]: 1 })`,
    () => `(words.join(" ").match(/\\w{${1 + r(4)}}/g) ?? [])`,
    () => `(function* () { for (let i = 0; i < ${r(9)}; i++) yield i * n; })().toArray()`,
    () => `[3, 1, 2].toSorted().with(0, ${number(r)})`,
    () => `Array.from(new Uint8Array([${r(300)}, ${r(300)}]))`,
  ])(r);

const value: Part = (r) => pick<Part>(r, [number, text, list])(r);

const statement: Part = (r) =>
  pick<Part>(r, [
    () => `out.push(${value(r)});`,
    () => `out.push({ k: ${value(r)}, when: new Date().getTime() });`,
    () => `for (let i = 0; i < ${1 + r(200)}; i++) total += ${number(r)};`,
    () => `console.${pick(r, ['log', 'info', 'warn', 'error'])}(${text(r)}, ${value(r)});`,
    () => `if (${number(r)} > ${r(500)}) out.push(${text(r)}); else total -= ${number(r)};`,
    () => `try { null.x; } catch (e) { out.push(e instanceof TypeError, e.message); }`,
    () => `{ class P { #v = ${number(r)}; get v() { return this.#v; } } out.push(new P().v); }`,
    () => `out.push(await Promise.all(words.map(async (w) => w + ${number(r)})));`,
    () => `await null; out.push(await new Promise((done) => done(${value(r)})));`,
    () => `out.push(JSON.parse(JSON.stringify(${list(r)})));`,
    () => `{ const { length, ...rest } = ${list(r)}; out.push(length, rest); }`,
    () => `Devpack.gasBank.balance({ wallet: ${text(r)}, at: ${number(r)} });`,
    () => `Devpack.random.generate({ length: ${1 + r(64)} });`,
    () =>
      `{ const seen = new WeakMap(); const k = {}; seen.set(k, ${number(r)}); out.push(seen.get(k)); }`,
    () => `out.push([${number(r)}, ${number(r)}].reduce((a, b) => a + b, 0));`,
    () => `if (n % ${17 + r(30)} === 0) throw new RangeError(${text(r)});`,
    () =>
      `label: for (const w of words) { for (const c of w) if (c > "m") continue label; out.push(w); }`,
  ])(r);

const RESULT: readonly Part[] = [
  () => '({ out, total, t: Date.now() })',
  () => 'Devpack.respond.success({ out, total })',
  () => 'out',
  () => 'total',
  (r) => `({ ...Object.fromEntries(out.map((v, i) => ["k" + i, v])), s: ${text(r)} })`,
  () => 'undefined',
];

const SYLLABLES = ['ne', 'o', 'gas', 'fee', 'öl', 'zug', 'a1', 'x', 'ßt', 'block'];

export function randomFunction(r: Random): RandomFunction {
  const body = Array.from({ length: 2 + r(10) }, () => `  ${statement(r)}`).join('\n');
  const lines = ['  const out = [];', '  let total = 0;', body, `  return ${pick(r, RESULT)(r)};`];
  const inner = `async ({ n, words }) => {\n${lines.join('\n')}\n}`;
  const word = () => Array.from({ length: 1 + r(4) }, () => pick(r, SYLLABLES)).join('');
  return {
    source: r(3) === 0 ? `export default ${inner};\n` : inner,
    params: { n: r(200), words: Array.from({ length: r(6) }, word) },
  };
}
