/**
 * Metering changes nothing but the fuel: 500 scripts, drawn from templates over the whole language with random numbers
 * and texts, give the same status, output, logs and actions on the original WASM and on the metered one. A failure
 * prints the seed.
 */

import { readFile } from 'node:fs/promises';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addGlobalsOnly } from '../../scripts/functions-runtime/unmetered.ts';
import { run, runAndReplay } from '../core/functions-runtime/harness.ts';
import { runtime } from '../core/functions-runtime/node-runtime.ts';

const { Module } = WebAssembly as unknown as {
  readonly Module: new (bytes: Uint8Array) => WebAssembly.Module;
};
const original = await readFile('node_modules/quickjs-wasi/quickjs.wasm');
const unmetered = { ...runtime, module: new Module(addGlobalsOnly(original)) };

/** Bodies of functions of `n` and `m` (numbers), `s` and `t` (texts) and `l` (numbers). */
const TEMPLATES = [
  'return [n + m, n - m, n * m, n / m, n % m, n ** 3, n | m, n ^ m, n << 3, n >>> 2, ~n]',
  `return [Math.sin(n), Math.atan2(n, m), Math.hypot(n, m), Math.fround(n), Math.clz32(n),
    Math.imul(n, m), Math.cbrt(m)]`,
  'return [n.toFixed(3), n.toString(7), n.toPrecision(5), n.toExponential(), parseFloat(s), Number(t), parseInt(s, 5)]',
  'return [s + t, s.length, s.toUpperCase(), [...s].reverse().join(""), s.split(""), s.normalize("NFD"), s.at(-1)]',
  'return [s.padStart(20, t || "x"), s.repeat(3), s.indexOf(t), s.includes(t), s.localeCompare(t), s < t, escape(s)]',
  `return [encodeURIComponent(s.toWellFormed()), s.codePointAt(0), s.replaceAll("a", t),
    s.trim(), s.slice(n % 5, m % 9)]`,
  `return [s.match(/[a-z]+/g), s.replace(/(.)(.)/gu, "$2$1"),
    /^(?<x>\\w*)/.exec(s).groups.x, t.search(/\\d/), s.split(/(?=b)/)]`,
  `return [l.map((x) => x * 2), l.filter((x) => x > n), l.reduce((a, b) => a + b, 0),
    l.toSorted((a, b) => a - b), l.indexOf(n)]`,
  `l.push(n); l.unshift(m); l.splice(1, 1, s, t); return [l, l.flat(), l.includes(n),
    l.findLast((x) => x !== n), l.with(0, 1)]`,
  `const o = {}; l.forEach((x, i) => { o["k" + x] = i }); return [o, Object.entries(o),
    Object.fromEntries(Object.entries(o).reverse())]`,
  `const a = new Map(l.map((x) => [x % 7, x])); const b = new Set(l); return [[...a],
    [...b], a.size, b.has(n), [...b.union(new Set([1, 2]))]]`,
  `const a = Int16Array.from(l), b = new Float32Array(l), c = new Uint8ClampedArray(l);
    return [[...a], [...b], [...c], [...a.sort()], [...a.subarray(1)]]`,
  `const v = new DataView(new ArrayBuffer(16)); v.setFloat64(0, n); v.setInt32(8, m);
    return [v.getUint32(0), v.getInt16(9), v.getBigUint64(0).toString()]`,
  `const a = BigInt(Math.trunc(n)), b = BigInt(Math.trunc(m)) || 1n; return [a * b, a / b,
    a % b, a << 70n, -a ^ b, a ** 5n, BigInt.asIntN(9, a)].map(String)`,
  'const f = (x) => (x < 2 ? x : f(x - 1) + f(x - 2)); return f(Math.abs(n) % 12)',
  `function* g(k) { for (let i = 0; i < k; i++) { const x = yield i * n; if (x) return x }
    } return [...g(Math.abs(m) % 9)]`,
  `class A { #p = n; get p() { return this.#p } static s = m; m() { return s } }
    class B extends A { m() { return super.m() + t } } return [new B().p, B.s, new B().m()]`,
  `const { a = n, ...rest } = { b: m, c: s, ...(n > 0 && { a: t }) }; const [x, ,
    y = 3] = l; return { a, rest, x, y: y ?? null }`,
  `try { if (n > m) throw new RangeError(s); null.x } catch (e) { return [e.name,
    e.message, e instanceof Error] } finally { console.log(n, s) }`,
  `outer: for (let i = 0; i < 5; i++) for (let j = 0; j < 5; j++) {
    if (i * j === Math.abs(n) % 9) break outer; if (j > i) continue outer; console.log(i,
    j) } return 1`,
  `switch (Math.abs(Math.trunc(n)) % 4) { case 0: return s; case 1: console.warn(t);
    case 2: return m; default: return { n } }`,
  `return JSON.parse(JSON.stringify({ n, m, s: s.toWellFormed(), l, d: { e: [null, true] }
    }), (k, v) => (typeof v === "number" ? v + 1 : v))`,
  `return [new Date(n * 1e6).toISOString(), new Date(2020, n % 12, m % 28).getDay(),
    Date.UTC(2000, m % 12), Date.parse("2020-01-01")]`,
  'return Array.from({ length: Math.abs(n) % 40 }, Math.random)',
  `const p = new Proxy({ a: n }, { get: (o, k) => (k in o ? o[k] : String(k) + s),
    has: () => true }); return [p.a, p.b, "z" in p, Reflect.ownKeys(p)]`,
  `const w = new WeakMap(), k = {}; w.set(k, n); return [w.get(k), w.has({}),
    Symbol("x").toString(), typeof Symbol.iterator]`,
  'return eval("(" + Math.trunc(n) + ") + " + Math.trunc(m)) + new Function("x", "return x * 2")(n)',
  'for (const x of l) Devpack.random.generate({ x, s: s.toWellFormed() }); return Devpack.__flushActions()',
  'return Devpack.oracle.createRequest({ dataSourceId: s.toWellFormed(), payload: { n, m } }).asResult({ l })',
  `return Promise.all(l.slice(0, 5).map(async (x, i) => { for (let k = 0; k < i;
    k++) await null; console.log(x); return x + n }))`,
  `const a = l.slice(); for (let i = 0; i < 300; i++) a.push((i * 7919 + n) % 101);
    return a.sort((x, y) => x - y || 1).slice(0, 9)`,
  'let h = 0; for (let i = 0; i < 2000; i++) h = (Math.imul(h, 31) + s.charCodeAt(i % (s.length || 1))) | 0; return h',
  'return [s ?? t, n?.x?.y, n || m, !n, typeof n, void 0, n == m, n === m, Object.is(n, -0), [n] + [m]]',
  'return structure(n); function structure(d) { return d <= 0 || d > 30 ? { s } : { d, next: structure(d - 5) } }',
  'const it = Iterator.from(l).map((x) => x * n).filter((x) => x > 0).take(4); return [...it]',
  'return [atob(btoa("abc" + Math.trunc(n))), isNaN(n), isFinite(m), Number.isSafeInteger(n), Number.EPSILON > m]',
  `const bad = { toString() { return s }, valueOf() { return n } }; return [\`\${bad}\`,
    bad + 1, bad > m, [bad, t].join()]`,
  'label: { if (n > 0) break label; console.info("neg") } with_ = n; return globalThis.with_',
  'return "x".repeat(Math.abs(n) % 5000).replace(/(x{1,3})+y?/g, (all) => String(all.length))',
  'throw n > m ? new TypeError(s) : { n, m }',
] as const;

const script = fc
  .record({
    body: fc.constantFrom(...TEMPLATES),
    n: fc.oneof(
      fc.integer({ min: -1000, max: 1000 }),
      fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 }),
    ),
    m: fc.integer({ min: -50, max: 50 }),
    s: fc.string({ maxLength: 30, unit: 'grapheme' }),
    t: fc.string({ maxLength: 8 }),
    l: fc.array(fc.integer({ min: -99, max: 99 }), { maxLength: 20 }),
  })
  .map(({ body, ...params }) => ({ source: `({ n, m, s, t, l }) => { ${body} }`, params }));

describe('the metered runtime', () => {
  it('gives the same as the original on 500 scripts', async () => {
    const entryForm = (source: string) => ({ kind: 'expression', end: source.length }) as const;
    await fc.assert(
      fc.asyncProperty(script, async ({ source, params }) => {
        const options = { params, entryForm: entryForm(source) };
        const { fuelUsed, ...metered } = await run(runtime, source, options);
        const { fuelUsed: nothing, ...plain } = await run(unmetered, source, options);
        expect(fuelUsed).toBeGreaterThan(nothing);
        expect(metered).toEqual(plain);
      }),
      { numRuns: 500 },
    );
  });

  it('replays any of them to the same fuel', async () => {
    await fc.assert(
      fc.asyncProperty(script, async ({ source, params }) => {
        const entryForm = { kind: 'expression', end: source.length } as const;
        const { first, again } = await runAndReplay(runtime, source, { params, entryForm });
        expect(again).toEqual({ ok: true, value: first });
      }),
      { numRuns: 100 },
    );
  });

  it('can run every template', async () => {
    for (const body of TEMPLATES.slice(0, -1)) {
      const source = `({ n, m, s, t, l }) => { ${body} }`;
      const params = { n: 3, m: 2, s: 'abc', t: 'b1', l: [3, 1, 2] };
      expect({ body, result: await run(runtime, source, { params }) }).toMatchObject({
        result: { status: 'succeeded' },
      });
    }
  });
});
