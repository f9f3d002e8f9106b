/**
 * Who may import whom: the table of docs/architecture.md as data. A file belongs to the first row
 * whose `files` matches the start of its path, and may always import what lies under that match
 * (its own zone). Everything else must be listed; `test` and `scripts` are listed nowhere, so
 * nobody but themselves imports them.
 */
export interface Arrow {
  readonly zone: string;
  readonly files: RegExp;
  /** Paths that may be imported. */
  readonly may: readonly RegExp[];
  /** Paths that may be imported by `import type` only. */
  readonly mayTypes: readonly RegExp[];
  /** Packages that may be imported, `node:` and `cloudflare:` modules included. */
  readonly packages: RegExp;
}

/** What the CLI runs or verifies on the user's machine: runs, receipts, audit chains, proofs, keys. */
const CLI_PARTS_OF_CORE = [
  'functions-runtime',
  'audit',
  'receipt',
  'canonical-json',
  'crypto',
  'result',
  'assert',
  'errors',
  'ids',
  'limits',
  'money',
  'neo',
  'proofs',
];

const NOTHING = /^(?!)/;
const ANY_PACKAGE = /^/;
const CORE = /^worker\/core\//;
const DB = /^worker\/db\//;
const ENV = /^worker\/env\.ts$/;
const RUNTIMES = /^worker\/runtimes\//;
const OBJECTS = /^durable-objects\//;
const OBJECT_RPC = /^durable-objects\/[^/]+\/rpc\.ts$/;
const BRIDGE_CONTRACT = /^enclave-bridge\/contract\.ts$/;
const SDK = /^sdk\//;
const PURE = '@noble\\/|@scure\\/|zod(\\/|$)|canonicalize$';

function packages(...sources: readonly string[]): RegExp {
  return new RegExp(`^(${sources.join('|')})`);
}

export const ARROWS: readonly Arrow[] = [
  {
    zone: 'worker/core/functions-runtime',
    files: /^worker\/core\/functions-runtime\//,
    may: [CORE],
    mayTypes: [],
    packages: packages(PURE, 'quickjs-wasi(\\/|$)'),
  },
  {
    zone: 'worker/core',
    files: /^worker\/core\//,
    may: [],
    mayTypes: [],
    // ipaddr.js is pure parsing; the egress door must know every spelling of an address.
    packages: packages(PURE, 'ipaddr\\.js$'),
  },
  {
    zone: 'durable-objects',
    files: /^durable-objects\//,
    may: [CORE],
    mayTypes: [],
    packages: packages('cloudflare:workers$'),
  },
  {
    zone: 'enclave-bridge/host',
    files: /^enclave-bridge\/host\//,
    may: [CORE, /^enclave-bridge\/(workloads\/|contract\.ts$)/],
    mayTypes: [],
    packages: packages('node:', PURE),
  },
  {
    zone: 'enclave-bridge',
    files: /^enclave-bridge\//,
    may: [CORE],
    mayTypes: [],
    packages: packages('cloudflare:workers$', 'jose$', '@hpke\\/', PURE),
  },
  {
    zone: 'worker/db',
    files: /^worker\/db\//,
    may: [CORE],
    mayTypes: [ENV, OBJECT_RPC],
    packages: packages('drizzle-orm(\\/|$)'),
  },
  {
    // Bound to the runtime, which every other part of the chain's client is not.
    zone: "a network's client",
    files: /^worker\/chain\/network-client\.ts$/,
    may: [CORE, /^worker\/chain\//],
    mayTypes: [],
    packages: packages('cloudflare:workers$'),
  },
  {
    zone: 'worker/chain',
    files: /^worker\/chain\//,
    may: [CORE],
    mayTypes: [ENV, OBJECT_RPC],
    packages: packages('zod(\\/|$)'),
  },
  {
    zone: 'worker/http',
    files: /^worker\/http\//,
    may: [CORE, DB],
    mayTypes: [ENV, OBJECT_RPC],
    packages: packages(
      'hono(\\/|$)',
      'zod(\\/|$)',
      'drizzle-orm(\\/|$)',
      'ipaddr\\.js$',
      'jose$',
      'structured-headers$',
    ),
  },
  {
    zone: 'worker/runtimes',
    files: RUNTIMES,
    may: [],
    mayTypes: [],
    packages: NOTHING,
  },
  {
    zone: 'a service',
    files: /^worker\/services\/[^/]+\//,
    may: [
      CORE,
      ENV,
      /^worker\/version\.ts$/,
      /^worker\/(db|chain|http|runtimes)\//,
      /^worker\/services\/[^/]+\/index\.ts$/,
    ],
    mayTypes: [OBJECTS, BRIDGE_CONTRACT],
    packages: packages('(?!cloudflare:|node:|quickjs-wasi|@noble\\/)'),
  },
  {
    zone: 'worker/contract.ts',
    files: /^worker\/contract\.ts$/,
    may: [CORE, /^worker\/http\//, /^worker\/services\/[^/]+\/(contract|limits)\.ts$/],
    mayTypes: [],
    packages: packages('zod(\\/|$)'),
  },
  {
    // The doors of the objects and the bridge to the rest (core/ports.ts).
    zone: 'worker/entrypoints',
    files: /^worker\/entrypoints\//,
    may: [
      CORE,
      DB,
      ENV,
      /^worker\/chain\//,
      /^worker\/http\//,
      /^worker\/services\/[^/]+\/index\.ts$/,
    ],
    mayTypes: [OBJECT_RPC, BRIDGE_CONTRACT],
    packages: packages('cloudflare:workers$', 'drizzle-orm(\\/|$)'),
  },
  {
    zone: 'the wiring of worker/',
    files: /^worker\/[^/]+\.tsx?$/,
    may: [/^worker\//, OBJECTS],
    mayTypes: [BRIDGE_CONTRACT],
    packages: packages('(?!node:)'),
  },
  {
    // Keys of Neo on the user's machine. Published as one file with all of this inside, so that the
    // SDK still depends on nothing; its main entry does not reach here.
    zone: 'sdk/keys',
    files: /^sdk\/keys\//,
    may: [/^worker\/core\/(neo\/|limits\.ts$)/],
    mayTypes: [],
    packages: packages('@noble\\/', '@scure\\/'),
  },
  { zone: 'sdk', files: /^sdk\/(?!keys\/)/, may: [], mayTypes: [], packages: NOTHING },
  {
    zone: 'dashboard',
    files: /^dashboard\//,
    may: [SDK],
    mayTypes: [],
    packages: packages('(?!node:|cloudflare:)'),
  },
  {
    zone: 'examples',
    files: /^examples\//,
    may: [SDK],
    mayTypes: [],
    packages: packages('node:', '@(neo-)?service-layer\\/'),
  },
  {
    zone: 'cli',
    files: /^cli\//,
    may: [SDK, RUNTIMES, new RegExp(`^worker/core/(${CLI_PARTS_OF_CORE.join('|')})(/|\\.ts$)`)],
    mayTypes: [],
    packages: packages('(?!cloudflare:)'),
  },
  {
    // Bare Workers, which the product is measured against.
    zone: 'the floors of the benchmarks',
    files: /^scripts\/bench\/floors\//,
    may: [CORE, RUNTIMES],
    mayTypes: [],
    packages: packages('cloudflare:workers$'),
  },
  {
    // Drives the very code of the objects and of the steps outside them.
    zone: 'the simulation',
    files: /^scripts\/sim(\/|\.ts$)/,
    may: [CORE, OBJECTS, /^worker\/chain\//, /^scripts\/sim\//],
    mayTypes: [],
    packages: packages('node:'),
  },
  {
    // Drives the follower itself, as the simulation does.
    zone: 'the catch-up of the benchmarks',
    files: /^scripts\/bench\/catch-up\//,
    may: [CORE, OBJECTS, /^worker\/chain\//, /^scripts\/(bench|sim)\//],
    mayTypes: [],
    packages: packages('(?!cloudflare:)'),
  },
  {
    // The object itself behind a Worker of the bench, since no operation spends alone.
    zone: 'the books of the benchmarks',
    files: /^scripts\/bench\/ledger\//,
    may: [CORE, OBJECTS, /^scripts\/(bench|serve)\//],
    mayTypes: [],
    packages: ANY_PACKAGE,
  },
  {
    zone: 'scripts',
    files: /^scripts\//,
    may: [
      /^(worker\/(contract|env|version)|enclave-bridge\/env)\.ts$/,
      /^worker\/http\/(openapi|reference)[\w-]*\.ts$/,
      CORE,
      /^worker\/(.+\/)?limits\.ts$/,
      SDK,
    ],
    mayTypes: [],
    packages: packages('(?!cloudflare:)'),
  },
  { zone: 'test', files: /^test\//, may: [/^/], mayTypes: [], packages: ANY_PACKAGE },
  {
    zone: 'vitest.config.ts',
    files: /^vitest\.config\.ts$/,
    may: [/^test\/support\//],
    mayTypes: [],
    packages: ANY_PACKAGE,
  },
];
