/**
 * Verification offline. The attacker is the platform's own operator: everything but the reader's
 * keys can be forged.
 */
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bytesToHex } from '@noble/hashes/utils.js';
import { describe, expect, it } from 'vitest';
import type { AuditExport } from '../../worker/core/audit/verify.ts';
import { CONTRACT_TABLE } from './support/contract-table.ts';
import { makeFolder, type RunOptions, run, serve } from './support/run-cli.ts';
import { auditExport, listedKey, SALT, signedReceipt } from './support/signing.ts';

async function files(documents: Readonly<Record<string, unknown>>) {
  const folder = await makeFolder();
  for (const [name, document] of Object.entries(documents))
    await writeFile(join(folder, name), JSON.stringify(document));
  const go = (words: string, options: RunOptions = {}) =>
    run(words.replaceAll('$', `${folder}/`).split(' '), { table: CONTRACT_TABLE, ...options });
  return { folder, go };
}

const keys = { items: [listedKey()] };
const change = (
  log: AuditExport,
  edit: (copy: { -readonly [K in keyof AuditExport]: AuditExport[K] }) => void,
) => {
  const copy = structuredClone(log);
  edit(copy);
  return copy;
};

describe('audit verify', () => {
  it('accepts a whole log and tells how far signatures cover it', async () => {
    const { go } = await files({ log: auditExport(25), keys });
    const { code, out } = await go('audit verify $log --keys $keys --json');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      verified: true,
      lastSequence: 25,
      coveredThrough: 20,
      signatures: 'checked',
    });
  });

  it('reads the log from standard input', async () => {
    const { go } = await files({ keys });
    const stdin = JSON.stringify(auditExport(12));
    expect((await go('audit verify - --keys $keys', { stdin })).code).toBe(0);
  });

  it('says so when signatures were not checked', async () => {
    const { go } = await files({ log: auditExport(12) });
    const { code, out, err } = await go('audit verify $log');
    expect(code).toBe(0);
    expect(out).toContain('unchecked');
    expect(err).toContain('signatures were not checked');
  });

  it('takes the keys of the API when an address is given', async () => {
    const { go } = await files({ log: auditExport(12) });
    const server = await serve(() => ({ body: keys }));
    const { code, out } = await go(`audit verify $log --addr ${server.addr}`);
    expect(code).toBe(0);
    expect(out).not.toContain('unchecked');
    expect(server.seen[0]?.path).toBe('/system/signing-keys');
  });

  const log = auditExport(25);
  const attacks: readonly (readonly [string, unknown, RegExp])[] = [
    [
      'a changed entry',
      change(log, (copy) => {
        copy.entries = copy.entries.with(4, { ...log.entries[4], outcome: 'no' } as never);
      }),
      /audit.entry_changed: entry 5/,
    ],
    [
      'a dropped entry',
      change(log, (copy) => {
        copy.entries = copy.entries.toSpliced(7, 1);
      }),
      /audit.entry_missing: entry 8/,
    ],
    [
      'a cut end',
      change(log, (copy) => {
        copy.entries = copy.entries.slice(0, 15);
      }),
      /audit.truncated: entry 16/,
    ],
    ['another shape', { accountId: 'acc_1' }, /audit.malformed/],
  ];
  it.each(attacks)('finds %s, names the place and ends with 9', async (_, forged, message) => {
    const { go } = await files({ log: forged, keys });
    const { code, err, out } = await go('audit verify $log --keys $keys');
    expect(code).toBe(9);
    expect(err).toMatch(message);
    expect(out).toBe('');
  });

  it('does not believe a strange key, nor one that was retired long before', async () => {
    const strange = [listedKey(new Uint8Array(32).fill(8))];
    const retired = [listedKey(undefined, { retiredAt: '2026-10-15T00:00:00.000Z' })];
    const { go } = await files({ log, strange, retired });
    for (const name of ['strange', 'retired']) {
      const { code, err } = await go(`audit verify $log --keys $${name}`);
      expect(code).toBe(9);
      expect(err).toContain('audit.signature_invalid');
    }
  });

  it('finds a log made anew, by the checkpoint kept from last time', async () => {
    const { go, folder } = await files({ log: auditExport(12), keys, longer: auditExport(25) });
    await go('audit verify $log --keys $keys --save-checkpoint $kept');
    expect((await stat(join(folder, 'kept'))).mode & 0o777).toBe(0o600);
    expect(JSON.parse(await readFile(join(folder, 'kept'), 'utf8')).checkpoint.sequence).toBe(10);
    expect((await go('audit verify $longer --keys $keys --from $kept')).code).toBe(0);
    const shorter = JSON.stringify(auditExport(5));
    expect((await go('audit verify - --keys $keys --from $kept', { stdin: shorter })).code).toBe(9);
  });

  it('refuses the log of another account', async () => {
    const { go } = await files({ log: auditExport(12, 'acc_2'), keys });
    expect((await go('audit verify $log --keys $keys --account-id acc_1')).code).toBe(9);
  });

  it('ends with 2, not 9, when a file is missing or no JSON', async () => {
    const { go } = await files({ log, keys: 'no keys' });
    expect((await go('audit verify $nowhere')).code).toBe(2);
    expect((await go('audit verify $log --keys $keys')).code).toBe(2);
    expect((await go('audit verify -', { stdin: '{' })).code).toBe(2);
  });
});

describe('audit export', () => {
  const log = auditExport(25);
  /** At most seven entries an answer, with the checkpoints over them, as the platform gives a long log. */
  const stretch = (from: number) => {
    const entries = log.entries.slice(from - 1, from + 6);
    const last = entries.at(-1)?.sequence ?? 0;
    const covers = (sequence: number) => sequence >= from && sequence <= last;
    const checkpoints = log.checkpoints.filter(({ checkpoint }) => covers(checkpoint.sequence));
    return { body: { accountId: log.accountId, entries, checkpoints } };
  };

  it('joins the stretches of a long log into one file that verifies', async () => {
    const server = await serve(({ query }) => stretch(Number(query.fromSequence)));
    const { folder, go } = await files({ keys });
    const words = 'audit export $log --account-id acc_1';
    expect((await go(words, { addr: server.addr })).code).toBe(0);
    expect((await stat(join(folder, 'log'))).mode & 0o777).toBe(0o600);
    const { code, out } = await go('audit verify $log --keys $keys --json');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ lastSequence: 25, checkpoints: 2 });
  });

  it('ends with 8 when a stretch leads back, instead of asking for ever', async () => {
    const server = await serve(() => stretch(1));
    const { go } = await files({});
    const words = 'audit export $log --account-id acc_1';
    expect((await go(words, { addr: server.addr })).code).toBe(8);
  });
});

describe('receipts verify', () => {
  const receipt = signedReceipt({ value: 21 }, { doubled: 42 });
  const salt = bytesToHex(SALT);

  it('accepts a receipt and the values it speaks of', async () => {
    const documents = {
      receipt: { ...receipt, salt },
      keys,
      input: { value: 21 },
      output: { doubled: 42 },
    };
    const { go } = await files(documents);
    const words = 'receipts verify $receipt --keys $keys --input $input --output $output --json';
    const { code, out } = await go(words);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      verified: true,
      checked: ['signature', 'input', 'output'],
      fuel: '181233',
    });
  });

  it('finds a changed receipt, a changed value and a strange key', async () => {
    const { go } = await files({
      receipt,
      changed: { ...receipt, receipt: { ...receipt.receipt, fuel: '1' } },
      keys,
      strange: [listedKey(new Uint8Array(32).fill(8))],
      output: { doubled: 43 },
    });
    expect((await go('receipts verify $changed --keys $keys')).code).toBe(9);
    expect((await go('receipts verify $receipt --keys $strange')).code).toBe(9);
    const { code, err } = await go(
      `receipts verify $receipt --keys $keys --output $output --salt ${salt}`,
    );
    expect(code).toBe(9);
    expect(err).toContain('receipt.output_differs');
  });

  it('does not call a receipt verified when there are no keys to verify it with', async () => {
    const { go } = await files({ receipt });
    expect((await go('receipts verify $receipt')).code).toBe(2);
  });
});
