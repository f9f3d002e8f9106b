/**
 * Functions written to hang, to fill or to break their host, each with the status it must end with.
 * `contains` is a part of the error's code or message, or of the output.
 */
import type { RunResult } from '../../../worker/core/functions-runtime/execute.ts';

export interface HostileScript {
  readonly name: string;
  readonly source: string;
  readonly status: RunResult['status'];
  readonly contains?: string;
}

const hostile = (
  status: RunResult['status'],
  scripts: Readonly<Record<string, string | readonly [string, string]>>,
): readonly HostileScript[] =>
  Object.entries(scripts).map(([name, script]) =>
    typeof script === 'string'
      ? { name, status, source: script }
      : { name, status, source: script[0], contains: script[1] },
  );

const HUGE = '{ length: 2 ** 53 - 1 }';

export const HOSTILE_SCRIPTS: readonly HostileScript[] = [
  ...hostile('fuel_exhausted', {
    'endless loop': '() => { for (;;); }',
    'sparse sort': '() => { const a = []; a[4294967290] = 1; a.sort() }',
    'endless loop with a catch inside': '() => { for (;;) { try { throw 1 } catch {} } }',
    'endless loop in a finally': '() => { try { return 1 } finally { for (;;); } }',
    'endless microtasks':
      '() => { const again = () => Promise.resolve().then(again); return again() }',
    'endless async loop': 'async () => { for (;;) await null }',
    'endless generator': '() => { function* g() { for (;;) yield 1 } for (const x of g()); }',
    'recursion that catches its own overflow':
      '() => { function f() { try { f() } catch { f() } } f() }',
    'mutual recursion that catches':
      '() => { const a = () => { try { b() } catch { a() } }, b = () => { try { a() } catch { b() } }; a() }',
    'catastrophic regular expression': '() => /^(a+)+$/.test("a".repeat(40) + "b")',
    'catastrophic regular expression with groups':
      '() => /^(([a-z])+.)+[A-Z]([a-z])+$/.test("a".repeat(60))',
    'quadratic regular expression': '() => /a*b/.test("a".repeat(200000))',
    'indexOf over 2^53 - 1': `() => Array.prototype.indexOf.call(${HUGE}, 1)`,
    'lastIndexOf over 2^53 - 1': `() => Array.prototype.lastIndexOf.call(${HUGE}, 1)`,
    'includes over 2^53 - 1': `() => Array.prototype.includes.call(${HUGE}, 1)`,
    'reverse over 2^53 - 1': `() => Array.prototype.reverse.call(${HUGE})`,
    'copyWithin over 2^53 - 1': `() => Array.prototype.copyWithin.call(${HUGE}, 0, 1)`,
    'fill over 2^53 - 1': `() => Array.prototype.fill.call(new Proxy(${HUGE}, { set: () => true }), 1)`,
    'forEach over 2^53 - 1': `() => Array.prototype.forEach.call(${HUGE}, () => 1)`,
    'quadratic string search':
      '() => { const s = "ab".repeat(500000), p = "ba".repeat(5000) + "c"; for (;;) s.indexOf(p) }',
    'power tower of BigInt': '() => { let x = 7n; for (;;) x = (x * x) % (2n ** 60000n) }',
    'BigInt to text': '() => { for (;;) (7n ** 100000n).toString() }',
    'BigInt division': '() => { const x = 3n ** 200000n, y = 7n ** 40000n; for (;;) x / y }',
    'copying forever': '() => { const b = new Uint8Array(4e6); for (;;) b.copyWithin(0, 1) }',
    'filling forever': '() => { const b = new Uint8Array(4e6); for (let i = 0; ; i++) b.fill(i) }',
    'sorting with a lying comparison':
      '() => { for (;;) Array.from({ length: 5000 }, (_, i) => i).sort(() => -1) }',
    'endless eval': '() => { for (let i = 0; ; i++) eval("(" + i + ")") }',
    'endless Function': '() => new Function("for (;;);")()',
    'endless getter in the result': '() => ({ get a() { for (;;); } })',
    'endless toJSON': '() => ({ toJSON() { for (;;); } })',
    'endless thenable': '() => ({ then() { for (;;); } })',
    'endless proxy in the result': '() => new Proxy({}, { ownKeys() { for (;;); } })',
    'endless getter in a thrown error': '() => { throw { get message() { for (;;); } } }',
    'endless getter in action params': '() => Devpack.random.generate({ get a() { for (;;); } })',
    'endless prototype chain in a logged proxy':
      '() => { const p = new Proxy({}, { getPrototypeOf: () => p }); console.log(p) }',
    'endless Symbol.toPrimitive in a URL':
      '() => Devpack.http.fetch({ [Symbol.toPrimitive]() { for (;;); } })',
    'endless prepareStackTrace': '() => { Error.prepareStackTrace = () => { for (;;); }; null.x }',
    'endless console': '() => { for (;;) console.log("x") }',
    'endless Devpack calls': '() => { for (;;) { try { Devpack.random.generate() } catch {} } }',
    'endless host calls':
      'async () => { for (;;) { try { await Devpack.http.fetch("https://x.example") } catch {} } }',
    'endless dates': '() => { for (;;) new Date().toString() }',
    'endless random numbers': '() => { for (;;) Math.random() }',
    'endless JSON':
      '() => { const a = Array(1e4).fill(1); for (;;) JSON.parse(JSON.stringify(a)) }',
    'endless default parameter': '(a, b, c = (() => { for (;;); })()) => 1',
    'endless iterator close': `() => { const it = { next: () => ({ value: 1, done: false }), return() { for (;;);
        }, [Symbol.iterator]() { return this } }; for (const x of it) break; }`,
    'spreading without end': `() => { const it = { next: () => ({ done: false }), [Symbol.iterator]() {
        return this } }; for (const x of it); }`,
    'a loop at the top of the source': '(() => { for (;;); })()',
  }),
  ...hostile('memory_exhausted', {
    'array bomb': '() => { const a = []; for (;;) a.push("x".repeat(1e5) + a.length) }',
    'small object bomb': '() => { const a = []; for (;;) a.push({ a: 1, b: [] }) }',
    'typed array bomb': '() => { const a = []; for (;;) a.push(new Uint8Array(1e6)) }',
    'ArrayBuffer bomb': '() => { const a = []; for (;;) a.push(new ArrayBuffer(5e5)) }',
    'string bomb': '() => { let s = "x"; for (;;) s = (s + s + 1).toUpperCase() }',
    'rope bomb':
      '() => { const a = []; let s = ""; for (;;) { s += "abcdefgh"; a.push(s + "!") } }',
    'Map bomb': '() => { const m = new Map(); for (let i = 0; ; i++) m.set(i, [i]) }',
    'Set bomb': '() => { const s = new Set(); for (let i = 0; ; i++) s.add("k" + i) }',
    'closure bomb': '() => { let f = () => 1; for (;;) { const g = f; f = () => g() } }',
    'property bomb': '() => { const o = {}; for (let i = 0; ; i++) o["k" + i] = i }',
    'symbol bomb': '() => { const a = []; for (;;) a.push(Symbol("s" + a.length)) }',
    'promise bomb': '() => { const a = []; for (;;) a.push(new Promise(() => {})) }',
    'bound function bomb': '() => { let f = () => 1; for (;;) f = f.bind(null, 1, 2, 3) }',
    'regular expression bomb':
      '() => { const a = []; for (let i = 0; ; i++) a.push(new RegExp("a" + i)) }',
    'BigInt bomb': '() => { const a = []; for (let i = 1n; ; i++) a.push(2n ** 500000n + i) }',
    'eval bomb':
      '() => { const a = []; for (let i = 0; ; i++) a.push(eval("(() => \\"" + "x".repeat(50000) + i + "\\")")) }',
    'array of 500 million': '() => Array(5e8).fill(1)',
    'deep JSON result': ['() => { let a = []; for (;;) a = [a, a.length, "x"] }', 'memory'],
    'waiting forever with full hands':
      'async () => { const a = []; for (;;) { a.push("y".repeat(5e4) + a.length); await null } }',
    'bomb in a microtask':
      '() => Promise.resolve().then(() => { const a = []; for (;;) a.push(new Uint8Array(1e5)) })',
    'bomb in a getter of the result':
      '() => ({ get a() { const a = []; for (;;) a.push("z".repeat(1e5) + a.length) } })',
    'a huge result': '() => Array(3e6).fill("abc")',
  }),
  ...hostile('stack_exhausted', {
    'plain recursion': '() => { function f() { f() } f() }',
    'recursion through a getter': '() => { const o = { get a() { return o.a } }; return o.a }',
    'recursion through a proxy':
      '() => { const p = new Proxy({}, { get: (_, k) => p[k] }); return p.a }',
    'recursion through toString': '() => { const o = { toString: () => "" + o }; return "" + o }',
    'recursion through sort': '() => { const f = () => [2, 1].sort(f).length; return f() }',
    'recursion through replace': '() => { const f = () => "a".replace(/a/, f); return f() }',
    'recursion through JSON.parse': '() => { const f = () => JSON.parse("[1]", f); return f() }',
    'JSON nested 20000 deep':
      '() => { let a = 1; for (let i = 0; i < 20000; i++) a = [a]; return a }',
    'deep eval that catches': '() => { try { eval("(".repeat(100000)) } catch { return 1 } }',
    'deep template literals': '() => eval("`${".repeat(100000))',
    'deep flat':
      '() => { let a = []; for (let i = 0; i < 20000; i++) a = [a]; return a.flat(Infinity) }',
    'deep JSON text': '() => JSON.parse("[".repeat(100000))',
    'deep eval': '() => eval("(".repeat(100000))',
    'class chain':
      '() => { let C = class {}; for (let i = 0; i < 5000; i++) C = class extends C {}; return new C() }',
  }),
  ...hostile('never_settled', {
    'a promise nobody resolves': '() => new Promise(() => {})',
    'an await of nothing': 'async () => { await new Promise(() => {}) }',
    'a then that never calls back': '() => ({ then() {} })',
    'Object.prototype.then that swallows':
      '() => { Object.prototype.then = () => {}; return { a: 1 } }',
    'a module that never loads': 'await new Promise(() => {});\nexport default 1',
    'a module with a then export': 'export function then() {}\nexport default () => 1',
  }),
  ...hostile('output_invalid', {
    'a BigInt': ['() => ({ a: 10n })', 'BigInt'],
    'a cycle': ['() => { const a = {}; a.a = a; return a }', 'circular'],
    'a lone surrogate': ['() => ({ a: "\\ud800" })', 'surrogate'],
    'a lone surrogate in a key': ['() => ({ ["\\udfff"]: 1 })', 'surrogate'],
    'a getter that throws': ['() => ({ get a() { throw new Error("trap") } })', 'trap'],
    'a toJSON that throws null': '() => ({ toJSON() { throw null } })',
    'a proxy that throws': [
      '() => new Proxy({}, { ownKeys() { throw new Error("trap") } })',
      'trap',
    ],
    'a revoked proxy':
      '() => { const { proxy, revoke } = Proxy.revocable([], {}); revoke(); return { proxy } }',
    'JSON nested 300 deep': [
      '() => { let a = 1; for (let i = 0; i < 300; i++) a = [a]; return a }',
      'deeper',
    ],
    'a result past the limit': ['() => "x".repeat(65536)', 'too_large'],
    'a result of wide characters past the limit': ['() => "\\u4e00".repeat(30000)', 'too_large'],
    'Object.prototype.toJSON that lies': [
      '() => { Object.prototype.toJSON = () => 1n; return {} }',
      'BigInt',
    ],
  }),
  ...hostile('failed', {
    'throw null': ['() => { throw null }', 'null'],
    'throw undefined': ['() => { throw undefined }', 'undefined'],
    'throw a symbol': ['() => { throw Symbol("s") }', 'Symbol(s)'],
    'throw a BigInt': ['() => { throw 5n }', '5'],
    'throw a function': '() => { throw () => 1 }',
    'throw a proxy':
      '() => { throw new Proxy({}, { get() { throw 1 }, getPrototypeOf() { throw 2 } }) }',
    'throw a revoked proxy':
      '() => { const { proxy, revoke } = Proxy.revocable({}, {}); revoke(); throw proxy }',
    'throw an error with getters that throw': `() => {
        const e = new Error("x");
        for (const k of ["message", "stack"]) Object.defineProperty(e, k, { get() { throw e } });
        throw e;
      }`,
    'throw a forged code': [
      '() => { throw Object.assign(new Error("mine"), { code: "functions.fuel_exhausted" }) }',
      'function_failed',
    ],
    'throw 10 MB of text': '() => { throw new Error("x".repeat(3e6)) }',
    'reject with nothing': ['() => Promise.reject()', 'undefined'],
    'a huge string': ['() => "x".repeat(2 ** 31)', 'RangeError'],
    'padEnd beyond all bounds': ['() => "x".padEnd(2 ** 31)', 'RangeError'],
    'a BigInt too large': ['() => 2n ** (2n ** 40n)', 'RangeError'],
    'a regular expression nested too deeply': [
      '() => new RegExp("(?:".repeat(100000) + ")".repeat(100000))',
      'stack overflow',
    ],
    'a setter on Array.prototype that throws':
      '() => { Object.defineProperty(Array.prototype, 0, { set() { throw 1 } }); return [1] }',
    'a typed array too large': '() => new Uint8Array(2 ** 40)',
    'stealing the codes of the runtime': [
      '() => { WeakMap.prototype.get = () => "functions.timed_out"; throw new Error("x") }',
      'function_failed',
    ],
    'a poisoned Error.prototype': `() => { for (const k of ["name", "message",
        "stack"]) Object.defineProperty(Error.prototype, k, { get() { throw 1 } }); null.x }`,
    'reaching for internals through call sites': [
      `() => { Error.prepareStackTrace = (_,
        sites) => sites.map((s) => String(s.getFunction?.())); try {
        Devpack.gasBank.withdraw({ get a() { throw new Error("x") } }) } catch (e) {
        throw new Error(typeof e.stack) } }`,
      'function_failed',
    ],
  }),
  ...hostile('succeeded', {
    '10 MB of logs': '() => { for (let i = 0; i < 100; i++) console.log("y".repeat(1e5)) }',
    'one log line of 3 MB': '() => console.log("y".repeat(3e6))',
    'polluted Object.prototype': [
      `() => { for (const k of ["get", "set", "value", "ok", "code",
        "toJSON2"]) Object.prototype[k] = 666; Devpack.random.generate({ a: 1 }); return {
        fine: 1 } }`,
      'fine',
    ],
    'polluted Array.prototype': [
      `() => {
        for (const k of Object.getOwnPropertyNames(Array.prototype)) if (k !== "length") Array.prototype[k] = () => {
        throw 1 }; Array.prototype[Symbol.iterator] = null; Devpack.random.generate();
        console.log(1, 2); return { fine: Devpack.__flushActions().length } }`,
      'fine',
    ],
    'replaced JSON': [
      `() => { JSON.stringify = () => "1"; JSON.parse = () => { throw 1 };
        globalThis.JSON = null; return { fine: Devpack.random.generate({ a: 1 }).params.a }
        }`,
      'fine',
    ],
    'replaced Promise': [
      `async () => { const P = Promise; P.prototype.then = () => { throw 1 };
        globalThis.Promise = null; await null; return { fine: 1 } }`,
      'fine',
    ],
    'replaced String and Object methods': [
      `() => { String.prototype.slice = String.prototype.indexOf = () => { throw 1 };
        Object.keys = Object.defineProperty = () => { throw 1 }; return {
        fine: Devpack.random.generate({ a: 1 }).id } }`,
      'action_1',
    ],
    'replaced Reflect and Function.prototype': [
      `() => { Reflect.apply = () => { throw 1 };
        Function.prototype.call = Function.prototype.apply = () => { throw 1 };
        console.log("x"); return { fine: 1 } }`,
      'fine',
    ],
    'deleted globals': [
      '() => { const g = globalThis; for (const k of Object.getOwnPropertyNames(g)) delete g[k]; return { fine: 1 } }',
      'fine',
    ],
    'overwritten Devpack': [
      `() => { const real = Devpack.random.generate; Devpack.random.generate = () => {
        throw 1 }; globalThis.Devpack = null; return { fine: real({}).id } }`,
      'action_1',
    ],
    'frozen everything': [
      `() => { for (const o of [Object.prototype, Array.prototype, Error.prototype,
        Promise.prototype, Devpack, console]) Object.freeze(o); Devpack.random.generate();
        return { fine: 1 } }`,
      'fine',
    ],
    'a forged reference': [
      '() => ({ __devpack_ref__: true, id: "action_99", type: "gasbank.withdraw" })',
      'action_99',
    ],
    '__proto__ in result and params': [
      `() => { Devpack.random.generate(JSON.parse('{"__proto__":{"a":1}}'));
        return JSON.parse('{"__proto__":{"fine":1}}') }`,
      'fine',
    ],
    'a thenable result': ['() => ({ then(resolve) { resolve({ fine: 1 }) } })', 'fine'],
    'Symbol.hasInstance traps': [
      `() => { Object.defineProperty(Error, Symbol.hasInstance, { value() { throw 1 } });
        console.log(new Error("x")); return { fine: 1 } }`,
      'fine',
    ],
    'an uncaught rejection elsewhere': [
      '() => { Promise.reject(new Error("stray")); return { fine: 1 } }',
      'fine',
    ],
    'out of memory, caught': [
      '() => { try { const a = []; for (;;) a.push(new Uint8Array(1e6)) } catch (e) { return { fine: e.message } } }',
      'out of memory',
    ],
    'stack overflow, caught': [
      '() => { try { (function f() { f() })() } catch (e) { return { fine: e.name } } }',
      'RangeError',
    ],
  }),
];
