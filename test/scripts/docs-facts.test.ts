/**
 * What the documents name exists: paths, error codes, settings, commands of slctl and of npm. And the verifier that the
 * specification prints verifies what the platform signs, by itself.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { p256 } from '@noble/curves/nist.js';
import { base64urlnopad } from '@scure/base';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../cli/src/generated/commands.ts';
import { LIMIT_GROUPS } from '../../worker/contract.ts';
import { signingKeyId } from '../../worker/core/crypto/derived-keys.ts';
import { encodePublicJwk } from '../../worker/core/crypto/es256.ts';
import { signingInput } from '../../worker/core/crypto/signature.ts';
import { ERRORS } from '../../worker/core/errors.ts';
import { createId } from '../../worker/core/ids.ts';
import { buildReceipt, encodeReceipt } from '../../worker/core/receipt/receipt.ts';

const ROOT = join(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

const documents = globSync(['*.md', 'docs/*.md', 'docs/adr/*.md', 'cli/*.md', 'scripts/*.md'], {
  cwd: ROOT,
}).filter((path) => !read(path).startsWith('<!-- Generated'));

const namesIn = (text: string, pattern: RegExp): readonly string[] => [
  ...new Set([...text.matchAll(pattern)].map((match) => match[1] ?? '')),
];

const PATH =
  /`((?:worker|durable-objects|d1-migrations|enclave-bridge|sdk|cli|scripts|test|docs|examples)\/[\w./-]+)`/g;
/** Services of codes; operations are told apart by their capitals. */
const CODE =
  /`((?:request|functions|secrets|wallets|quota|account|idempotency|signing|upstream|internal|service|egress|queue|bridge)\.(?!ts`)[a-z_]+)`/g;
/** Made at run time, recorded at a release, or spoken of as what would be. */
const NOT_IN_A_CLONE = new Set(['enclave-bridge/.dev.vars', 'docs/released/openapi-v2.json']);
const LOG_LINES = new Set(['request.failed']);
const NPM_SCRIPT = /npm run ([\w:]+)/g;
const SLCTL = /(?:npx |`|^)slctl ([a-z]+[a-z-]* [a-z]+[a-z-]*)/gm;

/** Commands of slctl that are no operation. */
const WRITTEN_BY_HAND = new Set([
  'account export',
  'account import',
  'audit export',
  'audit verify',
  'receipts verify',
  'functions deploy',
  'functions init',
  'functions logs',
  'functions replay',
  'functions run',
  'profiles list',
  'neo-keys generate',
  'neo-keys show',
  'neo-keys encrypt',
  'neo-keys decrypt',
  'neo-keys recipient',
  'neo-keys export',
  'request-keys create',
  'request-keys show',
  'contracts generate',
  'gasbank inclusion',
  'gasbank prove',
  'completion bash',
  'completion zsh',
  'completion fish',
]);

/** `slctl <service> <command>` of each example, which has the service as the command line spells it. */
const operations = new Set(COMMANDS.map(({ example }) => example.split(' ').slice(1, 3).join(' ')));
const scripts = new Set(
  Object.keys((JSON.parse(read('package.json')) as { scripts: object }).scripts),
);

describe.each(documents)('%s', (document) => {
  const text = read(document);

  it('names only files and folders that exist', () => {
    const missing = namesIn(text, PATH).filter((path) => !existsSync(join(ROOT, path)));
    expect(missing.filter((path) => !NOT_IN_A_CLONE.has(path))).toEqual([]);
  });

  it('names only error codes of the catalogue', () => {
    const codes = namesIn(text, CODE).filter((code) => !LOG_LINES.has(code));
    expect(codes.filter((code) => !Object.hasOwn(ERRORS, code))).toEqual([]);
  });

  it('names only commands that exist', () => {
    const commands = namesIn(text, SLCTL);
    const unknown = commands.filter((name) => !operations.has(name) && !WRITTEN_BY_HAND.has(name));
    expect(unknown).toEqual([]);
    expect(namesIn(text, NPM_SCRIPT).filter((name) => !scripts.has(name))).toEqual([]);
  });
});

/** Figures that the documents repeat, each with the bound it is. */
const FIGURES: readonly (readonly [document: string, figure: string, bound: string])[] = [
  ['docs/specification.md', 'default 25,', 'requests.pageSizeDefault'],
  [
    'docs/specification.md',
    'accepted from 30 seconds',
    'requestSignatures.requestSignatureSkewSeconds',
  ],
  ['docs/specification.md', 'until 300 seconds after', 'requestSignatures.requestSignatureSeconds'],
  ['docs/specification.md', '22 to 64 characters', 'requestSignatures.requestNonceCharsMin'],
  ['docs/specification.md', '22 to 64 characters', 'requestSignatures.requestNonceCharsMax'],
  ['docs/specification.md', 'at most 500)', 'requests.pageSizeMax'],
  ['docs/specification.md', 'nested at most 64 levels', 'requests.jsonDepthMax'],
  ['docs/specification.md', '1 to 255 visible', 'requests.idempotencyKeyCharsMax'],
  ['docs/specification.md', 'kept for 24 hours', 'requests.idempotencyKeepHours'],
  ['docs/specification.md', 'its lease (60 s)', 'requests.idempotencyLeaseSeconds'],
  ['docs/specification.md', '100 requests a second', 'rateLimits.rateKeyPerSecond'],
  ['docs/specification.md', 'bursts of 300.', 'rateLimits.rateKeyBurst'],
  ['docs/specification.md', '20 a second, bursts of', 'rateLimits.rateAddressPerSecond'],
  ['docs/specification.md', 'bursts of 60.', 'rateLimits.rateAddressBurst'],
  ['docs/specification.md', 'at most 20 tokens', 'rateLimits.rateSliceTokensMax'],
  ['docs/specification.md', '5,000 entries in one', 'gasbank.gasStatementLinesMax'],
  ['docs/specification.md', 'every 15 minutes', 'gasbank.gasCheckMinutes'],
  ['docs/specification.md', '3,000,000,000;', 'functionRuns.fuelDefault'],
  ['docs/specification.md', 'at most 10,000,000,000', 'functionRuns.fuelMax'],
  ['docs/specification.md', '100, 256 KiB of params', 'functionRuns.actionsMax'],
  ['docs/specification.md', '5, 4 MB in total', 'functionRuns.httpCallsMax'],
  ['docs/specification.md', 'at most 32 started runs', 'runSlots.runsLiveMax'],
  ['docs/specification.md', 'queues up to 100 inputs', 'executionRecords.batchExecutionsMax'],
  ['docs/specification.md', 'journals 30 days', 'executionRecords.journalKeepDays'],
  ['docs/specification.md', 'logs 90 days', 'executionRecords.outputKeepDays'],
  ['docs/specification.md', 'audit\n1,095 days', 'executionRecords.auditKeepDays'],
  ['docs/specification.md', 'after 100 entries', 'audit.auditCheckpointEntries'],
  ['docs/specification.md', 'at most 64\ncharacters', 'secrets.secretNameCharsMax'],
  ['docs/specification.md', 'Kept 7 days', 'events.eventKeepDays'],
  ['docs/specification.md', '30 days later the sweep', 'accounts.accountPurgeAfterDays'],
  ['docs/operations.md', 'Wait 60 seconds', 'secrets.dataKeyCachedSeconds'],
  ['docs/storage-schema.md', 'Kept 1,095 days', 'executionRecords.auditKeepDays'],
];
/** The same for sizes, which are written with their unit. */
const SIZES: readonly (readonly [figure: string, bound: string])[] = [
  ['at most 64 KiB of UTF-8', 'secrets.secretValueBytesMax'],
  ['16 MiB; 4 to 32 MiB', 'functionRuns.memoryBytesDefault'],
  ['64 MiB of their memories', 'runSlots.runMemoryBytesMax'],
  ['64 KiB of JSON', 'functionRuns.resultBytesMax'],
  ['the object holds 8 GiB', 'executionRecords.executionStoreBytesMax'],
];
const UNITS: Readonly<Record<string, number>> = { KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30 };

function boundOf(name: string): number | undefined {
  const [group = '', bound = ''] = name.split('.');
  return LIMIT_GROUPS[group]?.[bound]?.value;
}

describe('a figure', () => {
  it.each(FIGURES)('of %s is the bound itself: %s', (document, figure, bound) => {
    expect(read(document)).toContain(figure);
    const numbers = [...figure.matchAll(/\d[\d,]*/g)].map(([text]) =>
      Number(text.replace(/,/g, '')),
    );
    expect(numbers).toContain(boundOf(bound));
  });

  it.each(SIZES)('of the specification is the bound itself: %s', (figure, bound) => {
    expect(read('docs/specification.md')).toContain(figure);
    const [, number = '', unit = ''] = /(\d+) (KiB|MiB|GiB)/.exec(figure) ?? [];
    expect(Number(number) * (UNITS[unit] ?? 0)).toBe(boundOf(bound));
  });
});

describe('the verifier of docs/specification.md', () => {
  const source = /```js\n([\s\S]*?)```/.exec(read('docs/specification.md'))?.[1] ?? '';
  const secretKey = new Uint8Array(32).fill(7);
  const point = p256.getPublicKey(secretKey, false);
  const keyId = signingKeyId(point);
  const keys = {
    items: [{ keyId, algorithm: 'ES256', publicKey: encodePublicJwk(point) }],
  };

  function signedReceipt() {
    const built = buildReceipt({
      executionId: createId('execution', { now: 1, random: new Uint8Array(10) }),
      codeHash: 'ab'.repeat(32),
      salt: new Uint8Array(32).fill(1),
      input: { pair: 'NEO/GAS' },
      journal: [],
      output: null,
      fuel: 624_884n,
      runtimeVersion: 'cd'.repeat(32),
    });
    if (!built.ok) throw new Error('a receipt of JSON values can be built');
    const message = signingInput('receipt', encodeReceipt(built.value));
    const value = base64urlnopad.encode(p256.sign(message, secretKey));
    return {
      receipt: built.value,
      signature: { algorithm: 'ES256', keyId, value, attested: false },
    };
  }

  function verify(file: object, list: object = keys): string {
    const folder = mkdtempSync(join(tmpdir(), 'verifier-'));
    try {
      for (const [name, content] of [
        ['verify.mjs', source],
        ['receipt.json', JSON.stringify(file)],
        ['keys.json', JSON.stringify(list)],
      ] as const)
        writeFileSync(join(folder, name), content);
      const paths = ['verify.mjs', 'receipt.json', 'keys.json'].map((name) => join(folder, name));
      return execFileSync(process.execPath, paths, { encoding: 'utf8' }).trim();
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  it('accepts a receipt of ours', () => {
    expect(verify(signedReceipt())).toBe('valid');
  });

  it('refuses a changed one, one that claims attestation, and a key under an id that is not its own', () => {
    const { receipt, signature } = signedReceipt();
    expect(verify({ receipt: { ...receipt, fuel: '1' }, signature })).toBe('not valid');
    expect(verify({ receipt, signature: { ...signature, attested: true } })).toBe('not valid');
    const other = '0'.repeat(16);
    const forged = { items: keys.items.map((item) => ({ ...item, keyId: other })) };
    expect(verify({ receipt, signature: { ...signature, keyId: other } }, forged)).toBe(
      'not valid',
    );
  });
});
