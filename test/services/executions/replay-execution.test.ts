/** Running again what ran: equal when nothing was changed, and any changed byte is found. */
import { describe, expect, it, vi } from 'vitest';
import { SoftwareBridge } from '../../../enclave-bridge/software-bridge.ts';
import { DEVPACK_MODULES } from '../../../worker/core/functions-runtime/permissions.ts';
import { type Receipt, receiptHash } from '../../../worker/core/receipt/receipt.ts';
import { replayExecution } from '../../../worker/services/executions/replay.ts';
import { hashContent } from '../../../worker/services/functions/compiling.ts';
import { forgetRecordedKey } from '../../../worker/services/system/signing-keys.ts';
import { testBridge } from '../../support/bindings.ts';
import { openTenant, type Tenant } from '../../support/harness.ts';
import {
  audit,
  bindings,
  contextOf,
  deploy,
  execute,
  onDisk,
  openWith,
  queuedOnly,
  ran,
  storeSecret,
} from './runs-under-test.ts';

const replayOf = (tenant: Tenant, id: string) => tenant.call(`POST /executions/${id}/replay`);

/** A receipt that fits its hash, as a holder of the stores can write one; they cannot sign it. */
async function forgeReceipt(tenant: Tenant, change: Partial<Receipt>): Promise<void> {
  const [row] = await onDisk<{ receipt: string }>(tenant, 'SELECT receipt FROM executions');
  const forged = { ...(JSON.parse(row?.receipt ?? '') as Receipt), ...change };
  await onDisk(
    tenant,
    'UPDATE executions SET receipt = ?, receipt_hash = ?',
    JSON.stringify(forged),
    receiptHash(forged),
  );
}

const SOURCES = [
  '(n) => n',
  '() => ({ r: [Math.random(), Math.random()], t: new Date().toISOString() })',
  '() => { throw new RangeError("no") }',
  'async () => { await null; console.log("x"); return [1, [2, { a: undefined }]]; }',
  '() => { Devpack.random.generate({ length: 8 }); Devpack.gasBank.balance({}); return null; }',
  'export default (n) => { const m = new Map([[n, 1]]); return { size: m.size }; }',
  '({ just: "a value" })',
  '() => { let s = ""; for (;;) s += s.length; }',
];

describe('200', () => {
  it.each(SOURCES)('is equal for %s, in output and fuel', async (source) => {
    const { tenant, functionId } = await openWith(source, { limits: { fuel: 300_000_000 } });
    const { id, fuel } = await ran(tenant, functionId, { a: [1.5, -0, 1e21, 'ü€😀'] });
    const { status, body } = await replayOf(tenant, id);
    expect([status, body]).toMatchObject([
      200,
      { equal: true, journalIntact: true, recordIntact: true, signatureValid: true, problem: null },
    ]);
    expect(body.fuel).toEqual({ recorded: `${fuel}`, replayed: `${fuel}`, equal: true });
  });

  it('asks no host and carries out no action, and tells what hosts had answered', async () => {
    const source = `async () => {
      const answers = await Promise.all(
        ["a", "b", "c"].map((p) => Devpack.http.fetch("https://host.example.com/" + p)),
      );
      Devpack.gasBank.balance({});
      return { bodies: await Promise.all(answers.map((answer) => answer.text())) };
    }`;
    const permissions = { httpHosts: ['host.example.com'] };
    const { tenant, functionId } = await openWith(source, { permissions });
    const asked: string[] = [];
    vi.stubGlobal('fetch', async (url: string) => {
      asked.push(url);
      return new Response(`answer ${asked.length} to ${url}`);
    });
    const { id, output } = await ran(tenant, functionId);
    expect(output.bodies).toHaveLength(3);
    const before = await onDisk(tenant, 'SELECT * FROM execution_actions');
    const { body } = await replayOf(tenant, id);
    vi.unstubAllGlobals();
    expect(body).toMatchObject({ equal: true, recordIntact: true });
    expect(asked).toHaveLength(3);
    expect(await onDisk(tenant, 'SELECT * FROM execution_actions')).toEqual(before);
    expect(await onDisk(tenant, 'SELECT count(*) AS n FROM executions')).toEqual([{ n: 1 }]);
  });

  it('opens the versions of secrets that the run had, and records their use', async () => {
    const tenant = await openTenant();
    const source = '(_, s) => ({ length: s.token.length, token: s.token })';
    const functionId = await deploy(tenant, source, { secrets: ['token'] });
    await storeSecret(tenant, 'token', { value: 'the first value', grants: [functionId] });
    const { id } = await ran(tenant, functionId);
    const rotated = { value: 'the second and longer value', graceSeconds: 3600 };
    expect((await tenant.call('PUT /secrets/token', { body: rotated })).status).toBe(200);
    expect((await replayOf(tenant, id)).body.equal).toBe(true);
    expect(await audit(tenant, 'secrets.replaySecret')).toMatchObject([{ outcome: 'ok' }]);
  });

  it('still verifies after the signing key was rotated', async () => {
    const { tenant, functionId } = await openWith('() => 1');
    const { id } = await ran(tenant, functionId);
    const settings = { ...testBridge.bindings, ENVIRONMENT: 'development' } as const;
    const BRIDGE = new SoftwareBridge({ ...settings, SIGNING_KEY: `hex:${'29'.repeat(32)}` });
    // The list is written whenever it is read or the sweep runs.
    await replayOf(tenant, id);
    forgetRecordedKey();
    const key = { accountId: tenant.accountId, executionId: id };
    const replayed = await replayExecution(contextOf({ env: { ...bindings, BRIDGE } }), key);
    expect(replayed).toMatchObject({ ok: true, value: { body: { signatureValid: true } } });
    const keys = await bindings.DB.prepare('SELECT retired_at FROM signing_keys').all();
    expect(keys.results).toHaveLength(2);
  });
});

/** Every place where something of an execution is stored, with a change that a holder of the stores could make. */
const CHANGES: readonly (readonly [string, string])[] = [
  ['the fuel', 'UPDATE executions SET fuel = fuel + 1'],
  ['the status', "UPDATE executions SET status = 'failed'"],
  ['an error', `UPDATE executions SET error = '{"code":"internal.error","message":"x"}'`],
  [
    'the output',
    "UPDATE execution_bodies SET bytes = CAST('{\"n\":2}' AS BLOB) WHERE kind = 'output'",
  ],
  ['the logs', "UPDATE execution_bodies SET bytes = CAST('[]' AS BLOB) WHERE kind = 'logs'"],
  ['the params of an action', `UPDATE execution_actions SET params = '{"wallet":"mine"}'`],
  ['the type of an action', "UPDATE execution_actions SET type = 'gasbank.withdraw'"],
  ['the actions', 'DELETE FROM execution_actions'],
  [
    'the signature',
    `UPDATE executions SET receipt_signature = replace(receipt_signature, '"value":"', '"value":"A')`,
  ],
];

const CATALOGUE_CHANGES: readonly (readonly [string, string])[] = [
  ['the source', "UPDATE function_versions SET source = replace(source, 'n', 'm')"],
  ['a comment in the source', "UPDATE function_versions SET source = source || ' '"],
  ['the code hash', "UPDATE function_versions SET code_hash = replace(code_hash, 'a', 'b')"],
  ['the limits', `UPDATE function_versions SET limits = '{"fuel":2000000}'`],
  ['the permissions', `UPDATE function_versions SET permissions = '{"httpHosts":["x.org"]}'`],
  ['the secrets', `UPDATE function_versions SET secrets = '["token"]'`],
  ['the input schema', "UPDATE function_versions SET input_schema = '{}'"],
];

const SOURCE =
  '(n) => { console.log("abc"); Devpack.gasBank.balance({ wallet: "w" }); return { n }; }';

describe('a changed byte is found:', () => {
  const runOne = async () => {
    const { tenant, functionId } = await openWith(SOURCE);
    const { id } = await ran(tenant, functionId, 1);
    // Its action has no service yet: undone, so that the run alone is compared.
    return { tenant, id };
  };

  it.each(CHANGES)('%s', async (_what, statement) => {
    const { tenant, id } = await runOne();
    expect((await replayOf(tenant, id)).body.equal).toBe(true);
    const plain = await openWith('(n) => { console.log("abc"); return { n }; }');
    const other = await ran(plain.tenant, plain.functionId, 1);
    const isOfAction = statement.includes('action');
    const [owner, one] = isOfAction ? [tenant, id] : [plain.tenant, other.id];
    await onDisk(owner, statement);
    const { status, body } = await replayOf(owner, one);
    expect([status, body.equal]).toEqual([200, false]);
  });

  it.each(CATALOGUE_CHANGES)('%s', async (_what, statement) => {
    const { tenant, id } = await runOne();
    await bindings.DB.prepare(statement).run();
    const { status, body } = await replayOf(tenant, id);
    expect([status, body.equal, body.journalIntact]).toEqual([200, false, false]);
  });

  it.each(['source', 'permissions', 'limits', 'secrets'])(
    'a %s that is no content any more',
    async (column) => {
      const { tenant, id } = await runOne();
      const statement = `UPDATE function_versions SET ${column} = 'null'`;
      await bindings.DB.prepare(statement).run();
      const { status, body } = await replayOf(tenant, id);
      if (column === 'source') expect([status, body.journalIntact]).toEqual([200, false]);
      else expect([status, body.code]).toEqual([404, 'request.not_found']);
    },
  );

  it('before any code runs and before any secret is opened', async () => {
    const tenant = await openTenant();
    const source = '(_, s) => s.token.length';
    const functionId = await deploy(tenant, source, { secrets: ['token'] });
    await storeSecret(tenant, 'token', { value: 'the first value', grants: [functionId] });
    const { id } = await ran(tenant, functionId);
    const spies = '(_, s) => s.token.charCodeAt(0)';
    await bindings.DB.prepare('UPDATE function_versions SET source = ?').bind(spies).run();
    const permissions = { modules: DEVPACK_MODULES };
    const content = { source: spies, secrets: ['token'], permissions, limits: {} };
    const codeHash = hashContent({ ...content, inputSchema: null });
    for (const isForged of [false, true]) {
      if (isForged) {
        // Whoever holds every store makes all of it fit, but for the signature.
        await bindings.DB.prepare('UPDATE function_versions SET code_hash = ?')
          .bind(codeHash)
          .run();
        await forgeReceipt(tenant, { codeHash });
      }
      const { status, body } = await replayOf(tenant, id);
      expect([status, body]).toMatchObject([
        200,
        {
          equal: false,
          journalIntact: isForged,
          signatureValid: !isForged,
          fuel: { replayed: '0' },
        },
      ]);
      expect(body.problem).toContain('Not run');
      expect(await audit(tenant, 'secrets.replaySecret')).toEqual([]);
    }
  });

  it('any of the receipt', async () => {
    const { tenant, id } = await runOne();
    const [row] = await onDisk<{ receipt: string }>(tenant, 'SELECT receipt FROM executions');
    const text = row?.receipt ?? '';
    for (let at = 0; at < text.length; at += 1) {
      const code = text.charCodeAt(at) ^ 1;
      const changed = text.slice(0, at) + String.fromCharCode(code) + text.slice(at + 1);
      await onDisk(tenant, 'UPDATE executions SET receipt = ?', changed);
      const { status, body } = await tenant.call(`GET /executions/${id}/receipt`);
      expect([at, status, body.code]).toEqual([at, 422, 'signing.signature_invalid']);
    }
    expect((await replayOf(tenant, id)).status).toBe(422);
  }, 120_000);

  it('a receipt that was made to fit, by its signature', async () => {
    const { tenant, id } = await runOne();
    await forgeReceipt(tenant, { fuel: '1' });
    expect((await replayOf(tenant, id)).body).toMatchObject({
      equal: false,
      signatureValid: false,
    });
  });
});

describe('403', () => {
  it('is the answer once the fuel of the month is used up; what a replay burns counts', async () => {
    const { tenant, functionId } = await openWith('() => 1', { limits: { fuel: 10_000_000 } });
    const { id, fuel } = await ran(tenant, functionId);
    const usage = async () => (await tenant.call('GET /usage')).body;
    expect((await replayOf(tenant, id)).body.equal).toBe(true);
    expect((await usage()).monthlyFuel.used).toBe(2 * fuel);
    const statement = bindings.DB.prepare('UPDATE accounts SET quotas = ?');
    await statement.bind(JSON.stringify({ monthlyFuel: 10_000_000 })).run();
    const refused = await replayOf(tenant, id);
    expect([refused.status, refused.body]).toMatchObject([
      403,
      { code: 'quota.exceeded', limit: 10_000_000, observed: 10_000_000 + 2 * fuel },
    ]);
    expect(await usage()).toMatchObject({
      monthlyFuel: { used: 2 * fuel },
      monthlyExecutions: { used: 1 },
    });
  });
});

describe('409', () => {
  it('tells a runtime that is not kept any more', async () => {
    const { tenant, functionId } = await openWith('() => 1');
    const { id } = await ran(tenant, functionId);
    await forgeReceipt(tenant, { runtimeVersion: 'ab'.repeat(32) });
    const refused = await replayOf(tenant, id);
    expect([refused.status, refused.body.code]).toEqual([409, 'functions.runtime_retired']);
  });

  it('tells what has not ended, what never ran, and what was not kept', async () => {
    const { tenant, functionId } = await openWith('() => 1');
    const id = await queuedOnly(tenant, functionId);
    expect((await replayOf(tenant, id)).body.code).toBe('functions.execution_not_ended');
    await tenant.call(`POST /executions/${id}/cancel`);
    expect((await replayOf(tenant, id)).body.code).toBe('functions.receipt_not_made');
    const kept = await execute(tenant, functionId, { store: 'receipt' });
    expect((await replayOf(tenant, kept.body.id)).body.code).toBe('functions.journal_not_kept');
  });
});

describe('410', () => {
  it('tells a version of a secret that has ended, and records the refused use', async () => {
    const tenant = await openTenant();
    const functionId = await deploy(tenant, '() => 1', { secrets: ['token'] });
    await storeSecret(tenant, 'token', { value: 'the first value', grants: [functionId] });
    const { id } = await ran(tenant, functionId);
    await tenant.call('PUT /secrets/token', { body: { value: 'another value', graceSeconds: 0 } });
    const refused = await replayOf(tenant, id);
    expect([refused.status, refused.body.code]).toEqual([410, 'functions.secret_version_purged']);
    expect(await audit(tenant, 'secrets.replaySecret')).toMatchObject([
      { outcome: 'functions.secret_version_purged' },
    ]);
  });

  it('tells a journal that retention dropped', async () => {
    const { tenant, functionId } = await openWith('() => 1');
    const { id } = await ran(tenant, functionId);
    await onDisk(tenant, "UPDATE executions SET journal_state = 'expired'");
    const refused = await replayOf(tenant, id);
    expect([refused.status, refused.body.code]).toEqual([410, 'functions.journal_expired']);
  });
});

describe('422', () => {
  it('does not replay against a receipt that is none', async () => {
    const { tenant, functionId } = await openWith('() => 1');
    const { id } = await ran(tenant, functionId);
    await onDisk(tenant, "UPDATE executions SET receipt = '{'");
    const refused = await replayOf(tenant, id);
    expect([refused.status, refused.body.code]).toEqual([422, 'signing.signature_invalid']);
  });
});

describe('500', () => {
  const chunksOf = (tenant: Tenant) =>
    onDisk<{ part: number; bytes: ArrayBuffer }>(
      tenant,
      "SELECT part, bytes FROM execution_bodies WHERE kind = 'journal' ORDER BY part",
    );
  const setChunk = (tenant: Tenant, part: number, bytes: ArrayBuffer) =>
    onDisk(
      tenant,
      "UPDATE execution_bodies SET bytes = ? WHERE kind = 'journal' AND part = ?",
      bytes,
      part,
    );

  it('opens no chunk of the journal with a changed byte, at either end or between', async () => {
    const { tenant, functionId } = await openWith('(text) => text.length');
    const { id } = await ran(tenant, functionId, 'x'.repeat(1_000_000));
    const chunks = await chunksOf(tenant);
    expect(chunks).toHaveLength(2);
    expect((await replayOf(tenant, id)).body.equal).toBe(true);
    for (const { part, bytes } of chunks) {
      const { byteLength } = bytes;
      for (const at of [0, 1, 12, 28, byteLength >> 1, byteLength - 16, byteLength - 1]) {
        const changed = new Uint8Array(bytes.slice(0));
        changed[at] = (changed[at] ?? 0) ^ 1;
        await setChunk(tenant, part, changed.buffer);
        const refused = await replayOf(tenant, id);
        expect([part, at, refused.body.code]).toEqual([part, at, 'secrets.undecryptable']);
      }
      await setChunk(tenant, part, bytes);
    }
  });

  it('opens no chunks that were swapped, dropped, or taken from another execution', async () => {
    const { tenant, functionId } = await openWith('(text) => text.length');
    const text = 'x'.repeat(1_000_000);
    const { id } = await ran(tenant, functionId, text);
    const [first, second] = await chunksOf(tenant);
    if (!first || !second) throw new Error('two chunks');
    await setChunk(tenant, 0, second.bytes);
    await setChunk(tenant, 1, first.bytes);
    expect((await replayOf(tenant, id)).status).toBe(500);
    await setChunk(tenant, 0, first.bytes);
    await onDisk(tenant, "DELETE FROM execution_bodies WHERE kind = 'journal' AND part = 1");
    expect((await replayOf(tenant, id)).status).toBe(500);
    const other = await ran(tenant, functionId, text);
    await onDisk(
      tenant,
      `UPDATE execution_bodies SET execution_id = ? WHERE kind = 'journal' AND part = 1`,
      id,
    );
    expect((await replayOf(tenant, id)).status).toBe(500);
    expect((await replayOf(tenant, other.id)).status).toBe(500);
  });
});

describe('503', () => {
  it('does not replay while the vault has no key', async () => {
    const { tenant, functionId } = await openWith('() => 1');
    const { id } = await ran(tenant, functionId);
    const env = { ...bindings, BRIDGE: new SoftwareBridge({ ENVIRONMENT: 'development' }) };
    const key = { accountId: tenant.accountId, executionId: id };
    const refused = await replayExecution(contextOf({ env }), key);
    expect(refused).toMatchObject({ failure: { code: 'secrets.encryption_unconfigured' } });
  });
});
