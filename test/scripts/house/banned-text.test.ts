import { describe, expect, it } from 'vitest';
import { bannedSyntax } from '../../../scripts/house/banned-syntax.ts';
import { bannedText } from '../../../scripts/house/banned-text.ts';
import { advice, places } from './tree-of.ts';

const CORE = 'worker/core/clock.ts';
const SERVICE = 'worker/services/gasbank/service.ts';
const TEST = 'test/core/clock.test.ts';

/** Written in parts, because these may stand in no file, this one included. */
const MACHINE_PATH = ['', 'work', 'main', ''].join('/');
const REGISTRY = ['registry', 'npmjs', 'org'].join('.');

const REFUSED: readonly (readonly [string, string])[] = [
  [CORE, 'const now = Date.now();'],
  [CORE, 'const now = new Date();'],
  [CORE, 'const clock = Date.now;'],
  [CORE, 'crypto.getRandomValues(bytes);'],
  [CORE, 'const id = crypto.randomUUID();'],
  [CORE, 'const key = p256.utils.randomSecretKey();'],
  [SERVICE, 'const roll = Math.random();'],
  [TEST, 'const roll = Math.random();'],
  [SERVICE, 'await db.transaction(async (tx) => tx);'],
  [SERVICE, 'console.log(1);'],
  [TEST, `it.only('a', () => {});`],
  [TEST, `it.todo('a');`],
  [TEST, `describe.skip('a', () => {});`],
  [SERVICE, '// @ts-ignore because'],
  [SERVICE, '/* @ts-nocheck */'],
  [SERVICE, '// @ts-expect-error'],
  [SERVICE, '// eslint-disable-next-line no-console'],
  [SERVICE, '// oxlint-disable no-console'],
  [SERVICE, '// biome-ignore lint/style/useConst'],
  [SERVICE, '// TODO: later'],
  ['d1-migrations/0001_accounts.sql', '-- FIXME'],
  [SERVICE, `const path = '${MACHINE_PATH}x';`],
  ['README.md', `Go to ${MACHINE_PATH}.`],
  ['docs/install.md', `file://${MACHINE_PATH}x`],
  ['package-lock.json', `"resolved": "https://${REGISTRY}/zod"`],
];

const ALLOWED: readonly (readonly [string, string])[] = [
  [CORE, 'const at = new Date(now);'],
  [CORE, `export const text = 'Date.now()'; // Date.now() is refused here`],
  ['durable-objects/ledger/ledger.ts', 'const now = Date.now();'],
  ['worker/core/functions-runtime/prelude.ts', 'const roll = Math.random();'],
  ['examples/functions/dice.js', '() => Math.random()'],
  [SERVICE, 'const source = `Math.random()`;'],
  [SERVICE, 'const source = /console\\./;'],
  ['durable-objects/ledger/ledger.ts', 'this.ctx.storage.transactionSync(() => 1);'],
  ['worker/http/log.ts', 'console.log(1);'],
  ['scripts/start.ts', 'console.log(1);'],
  [TEST, `it.skipIf(absent)('a', () => {});`],
  [SERVICE, '// @ts-expect-error the types of D1 lack this option'],
  [SERVICE, '// oxlint-disable-next-line no-eval -- the guest is the sandbox'],
  [SERVICE, '// biome-ignore lint/style/useConst: assigned by the runtime'],
  ['CONTRIBUTING.md', 'No TODO stays in the code.'],
  [SERVICE, `const path = './work/x';`],
  ['README.md', 'https://example.com/work/x'],
];

describe('banned text', () => {
  it.each(REFUSED)('refuses, in %s: %s', (path, text) => {
    expect(places(bannedText, { [path]: `\n${text}\n` })).toEqual([`${path}:2`]);
  });

  it.each(ALLOWED)('lets pass, in %s: %s', (path, text) => {
    expect(places(bannedText, { [path]: text })).toEqual([]);
  });

  it('says what to write instead', () => {
    expect(advice(bannedText, CORE, 'Date.now()')[0]).toMatch(/take the time as an argument$/);
  });
});

describe('banned syntax', () => {
  it.each([
    [SERVICE, 'const a = b as any;'],
    [SERVICE, 'function f(a: any) {}'],
    [SERVICE, 'const a: Map<string, any> = b;'],
    [SERVICE, 'try { a(); } catch { }'],
    [SERVICE, 'try { a(); } catch (error) {\n}'],
    [SERVICE, 'const a = Number(request.amountDatoshi);'],
    [SERVICE, 'const a = parseFloat(amount);'],
    [SERVICE, 'const a = Number.parseInt(amount, 10);'],
    [CORE, 'const a = await fetch(url);'],
    [CORE, 'setTimeout(run, 1);'],
    [SERVICE, 'const a = await import(path);'],
  ])('refuses, in %s: %s', (path, text) => {
    expect(places(bannedSyntax, { [path]: `\n${text}` })).toEqual([`${path}:2`]);
  });

  it.each([
    [SERVICE, 'const any = 1; // any'],
    [SERVICE, 'try { a(); } catch { /* the peer has hung up: nobody is left to tell */ }'],
    [SERVICE, 'try { a(); } catch (error) { throw new Failure(error); }'],
    [SERVICE, 'const a = Number(request.limit);'],
    ['worker/core/money.ts', 'const a = Number(amountDatoshi);'],
    [CORE, 'const a = await door.fetch(url);'],
    [SERVICE, 'const a = await fetch(url);'],
    ['cli/src/main.ts', 'const a = await import(path);'],
  ])('lets pass, in %s: %s', (path, text) => {
    expect(places(bannedSyntax, { [path]: text })).toEqual([]);
  });
});
