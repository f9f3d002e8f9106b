/**
 * Stored executions: together they touch everything of the host that guest code can see. golden.json holds what each
 * gave when HOST_VERSION was last raised.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import canonicalize from 'canonicalize';
import type { RunResult } from '../../../worker/core/functions-runtime/execute.ts';
import type { JsonValue } from '../../../worker/core/functions-runtime/json-text.ts';
import {
  DEFAULT_PERMISSIONS,
  MODULES_BEFORE_CHAIN,
} from '../../../worker/core/functions-runtime/permissions.ts';
import type { Runtime } from '../../../worker/core/functions-runtime/runtime.ts';
import { HTTP_ALLOWED, httpAnswer, type RunOptions, run, scriptedHost } from './harness.ts';

export interface GoldenCase {
  readonly name: string;
  readonly source: string;
  readonly options?: RunOptions;
}

export interface GoldenResult {
  readonly status: string;
  /** SHA-256 over the canonical JSON of everything of the result but its journal's runtime version. */
  readonly resultHash: string;
  readonly fuelUsed: number;
}

const http = (order?: readonly number[]): RunOptions => ({
  permissions: HTTP_ALLOWED,
  host: scriptedHost([httpAnswer({ a: 1 }), httpAnswer('two', 404), httpAnswer([3])], order),
  secrets: [{ name: 'token', value: 'a-long-secret-value', versionId: 'sv_1' }],
});

const chain = (value: JsonValue): RunOptions => ({
  host: () => Promise.resolve({ ok: true, value }),
});

const three = `Promise.all([0, 1, 2].map(async (i) => {
  const options = { method: 'post', headers: { A: secrets.token }, body: { i } };
  const r = await Devpack.http.fetch('https://api.example.com/' + i, options);
  console.log(i, r.ok);
  return [r.status, await r.text()];
}))`;

export const GOLDEN_CASES: readonly GoldenCase[] = [
  { name: 'the empty function', source: '() => {}' },
  {
    name: 'params and secrets',
    source: '(p, s) => ({ p, s, same: p === params })',
    options: { params: { b: 1, a: [null] }, secrets: [{ name: 'k', value: 'v', versionId: 'v1' }] },
  },
  {
    name: 'a module with the Devpack',
    source:
      "import * as all from '@neo-service-layer/devpack';\nexport default () => Object.keys(all)",
  },
  { name: 'the global names', source: '() => Object.getOwnPropertyNames(globalThis).sort()' },
  {
    name: 'the shape of the Devpack',
    source: `() => Object.fromEntries(Object.entries(Devpack).map(([k, v]) => [k,
        typeof v === "object" ? Object.keys(v) : typeof v]))`,
  },
  {
    name: 'clock and zone',
    source:
      '() => [Date.now(), new Date().toString(), new Date(0).toLocaleString(), new Date(2024, 5).getTimezoneOffset()]',
  },
  { name: 'random numbers', source: '() => Array.from({ length: 520 }, Math.random).slice(500)' },
  {
    name: 'actions and handles',
    source: `() => { const h = Devpack.gasBank.withdraw({ wallet: null, amount: "1",
        scheduleAt: "x" }); return { h, r: h.asResult({ m: 1 }), n: h.asResult(),
        q: Devpack.__flushActions(), p: h.params } }`,
  },
  {
    name: 'responses',
    source:
      '() => [Devpack.respond.success(), Devpack.respond.failure(), Devpack.respond.success(1, 2)]',
  },
  {
    name: 'log lines',
    source: `() => { console.log("a", { b: 1 }, [1n].length, Symbol("s"), null, undefined,
        new RangeError("r"), () => 1, "\\ud800"); console.debug(); console.info(1);
        console.warn(2n); console.error({ toJSON() { throw 1 } }) }`,
  },
  {
    name: 'truncated logs',
    source: '() => { for (let i = 0; i < 9; i++) console.log("é".repeat(5000)) }',
  },
  {
    name: 'many short log lines',
    source: '() => { for (let i = 0; i < 9000; i++) console.log("") }',
  },
  { name: 'a thrown error', source: '() => {\n  throw new TypeError("boo");\n}' },
  {
    name: 'an error deep in calls',
    source: '() => {\n  const f = (n) => n === 0 ? null.x : f(n - 1);\n  return f(3);\n}',
  },
  { name: 'a thrown object', source: '() => { throw { code: 1, message: "m" } }' },
  { name: 'a syntax error', source: '() => { let x = ; }' },
  {
    name: 'an unknown import',
    source: 'async () => { try { await import("fs") } catch (e) { return e.message } }',
  },
  { name: 'an output that is no JSON', source: '() => 1n' },
  { name: 'an output too large', source: '() => "x".repeat(70000)' },
  {
    name: 'a denied module',
    source:
      '() => { try { Devpack.random.generate() } catch (e) { return [e.name, e.message, e.code] } }',
    options: { permissions: { modules: [], httpHosts: [] } },
  },
  {
    name: 'a denied host',
    source: `async () => { try { await Devpack.http.fetch("https://x.example") } catch (e) {
        return [e.name, e.message, e.code] } }`,
  },
  {
    name: 'reads of a chain',
    source: `async () => [await Devpack.chain.call({ contract: "c", method: "m",
        args: [{ type: "Integer", value: -(2n ** 255n) }] }), await Devpack.chain.balance({}),
        await Devpack.chain.transaction({ hash: "h" }), await Devpack.chain.height()]`,
    options: chain({ stack: [{ type: 'Integer', value: '7' }], nested: [[{}]] }),
  },
  {
    name: 'a read that fails',
    source: `async () => { try { await Devpack.chain.call({}) } catch (e) {
        return [e.name, e.message, e.code] } }`,
    options: {
      host: () => Promise.resolve({ ok: false, code: 'chain.call_faulted', message: 'ABORT' }),
    },
  },
  {
    name: 'too many reads',
    source: 'async () => { for (let i = 0; i < 21; i++) await Devpack.chain.height() }',
    options: chain(7),
  },
  {
    name: 'an answer nested too deeply',
    source: `async () => { try { await Devpack.chain.call({}) } catch (e) {
        return [e.message, e.code] } }`,
    options: chain(JSON.parse(`${'['.repeat(200)}${']'.repeat(200)}`) as JsonValue),
  },
  {
    name: 'denied reads and invalid ones',
    source: `async () => { const out = []; for (const r of [{}, [], { toJSON() {} }]) { try {
        await Devpack.chain.call(r) } catch (e) { out.push(e.code, e.message) } } return out }`,
    options: chain(1),
  },
  {
    name: 'a transaction to submit',
    source: `() => Devpack.chain.submitTransaction({ walletId: "w", systemFeeMax: 2n ** 63n,
        calls: [{ contract: "c", method: "m", args: [] }], note: null }).params`,
  },
  {
    name: 'invalid calls',
    source: `async () => { const out = []; for (const a of [["/x"],
        ["https://u:p@api.example.com"], ["https://api.example.com", { body: "x" }],
        ["https://api.example.com", { method: "X" }]]) { try {
        await Devpack.http.fetch(...a) } catch (e) { out.push(e.code, e.message) } }
        return out }`,
    options: http(),
  },
  {
    name: 'HTTP calls in order',
    source: `async () => ({ all: await ${three} })`,
    options: http([0, 1, 2]),
  },
  {
    name: 'HTTP calls out of order',
    source: `async () => ({ all: await ${three}, n: Math.random() })`,
    options: http([2, 0, 1]),
  },
  {
    name: 'too many HTTP calls',
    source:
      'async () => { for (let i = 0; i < 6; i++) await Devpack.http.fetch("https://api.example.com") }',
    options: http(),
  },
  {
    name: 'too many actions',
    source: '() => { for (let i = 0; i < 101; i++) Devpack.random.generate() }',
  },
  { name: 'a promise that never settles', source: '() => new Promise(() => {})' },
  {
    name: 'too little fuel',
    source: '() => { for (;;); }',
    options: { limits: { fuel: 5_000_000, memoryBytes: 16_777_216 } },
  },
  {
    name: 'too little memory',
    source: '() => { const a = []; for (;;) a.push("x".repeat(1e5) + a.length) }',
    options: { limits: { fuel: 1_000_000_000, memoryBytes: 8_388_608 } },
  },
  {
    name: 'deep recursion',
    source:
      '() => { let n = 0; const f = () => { n++; f() }; try { f() } catch (e) { return [n, e.name, e.message] } }',
  },
  {
    name: 'microtask order',
    source: `async () => { const o = [];
        const p = (n) => Promise.resolve().then(() => o.push(n)); await Promise.all([p(1),
        (async () => { o.push(2); await null; o.push(3) })(), p(4)]); return o }`,
  },
  {
    name: 'ordinary work',
    source: `() => { const m = new Map(); for (let i = 0; i < 2000;
        i++) m.set("k" + (i * 7919) % 1000, [i, Math.sqrt(i), String(i).padStart(5)]);
        return [...m].sort((a, b) => (a[0] < b[0] ? -1 : 1)).slice(0, 5) }`,
  },
];

export async function runGolden(
  runtime: Runtime,
  { source, options }: GoldenCase,
): Promise<GoldenResult> {
  const result = await run(runtime, source, { ...options, permissions: ofThen(runtime, options) });
  const { fuelUsed, status } = result;
  return { status, resultHash: hashOf(result), fuelUsed };
}

/** What a function had, that asked for nothing, when the runtime was current; its result holds it. */
function ofThen({ hostVersion }: Runtime, options: RunOptions = {}) {
  const permissions = options.permissions ?? DEFAULT_PERMISSIONS;
  if (hostVersion >= 2 || permissions.modules !== DEFAULT_PERMISSIONS.modules) return permissions;
  return { ...permissions, modules: MODULES_BEFORE_CHAIN };
}

function hashOf(result: RunResult): string {
  const [start, ...entries] = result.journal;
  const text = canonicalize({ ...result, journal: [{ ...start, runtimeVersion: '' }, ...entries] });
  return bytesToHex(sha256(utf8ToBytes(text ?? '')));
}
