/** What a replay needs, exported. */
import { describe, expect, it } from 'vitest';
import { prepareGuest, replay } from '../../../worker/core/functions-runtime/execute.ts';
import { CURRENT_RUNTIME } from '../../../worker/services/executions/deps.ts';
import { bindings, execute, onDisk, openWith, queuedOnly, ran } from './runs-under-test.ts';

describe('200', () => {
  it('is enough to run again elsewhere', async () => {
    const { tenant, functionId } = await openWith(
      '(n) => ({ n, r: Math.random(), t: Date.now() })',
    );
    const { id, output, fuel } = await ran(tenant, functionId, { b: 1, a: 2 });
    const { body } = await tenant.call(`GET /executions/${id}/journal`);
    const again = await replay({
      runtime: CURRENT_RUNTIME,
      guest: prepareGuest(CURRENT_RUNTIME),
      source: body.source,
      params: body.input,
      secrets: [],
      journal: body.entries,
    });
    expect(again).toMatchObject({ ok: true, value: { output, fuelUsed: fuel } });
  });
});

describe('409', () => {
  it('was not kept with `store: receipt`, and is not there before the end', async () => {
    const { tenant, functionId } = await openWith('() => 1');
    const { id } = (await execute(tenant, functionId, { store: 'receipt' })).body;
    const never = await tenant.call(`GET /executions/${id}/journal`);
    expect([never.status, never.body.code]).toEqual([409, 'functions.journal_not_kept']);
    const waiting = await queuedOnly(tenant, functionId);
    const early = await tenant.call(`GET /executions/${waiting}/journal`);
    expect([early.status, early.body.code]).toEqual([409, 'functions.execution_not_ended']);
  });
});

describe('410', () => {
  it('tells a journal that retention dropped', async () => {
    const { tenant, functionId } = await openWith('() => 1');
    const { id } = await ran(tenant, functionId);
    await onDisk(tenant, "DELETE FROM execution_bodies WHERE kind = 'journal'");
    await onDisk(tenant, "UPDATE executions SET journal_state = 'expired'");
    const gone = await tenant.call(`GET /executions/${id}/journal`);
    expect([gone.status, gone.body.code]).toEqual([410, 'functions.journal_expired']);
  });
});

describe('422', () => {
  it('is not shown beside a receipt that was changed', async () => {
    const { tenant, functionId } = await openWith('() => 1');
    const { id } = await ran(tenant, functionId);
    await onDisk(
      tenant,
      "UPDATE executions SET receipt = replace(receipt, 'codeHash', 'codehash')",
    );
    const refused = await tenant.call(`GET /executions/${id}/journal`);
    expect([refused.status, refused.body.code]).toEqual([422, 'signing.signature_invalid']);
  });
});

describe('500', () => {
  it('does not open once a byte of it was changed', async () => {
    const { tenant, functionId } = await openWith('() => 1');
    const { id } = await ran(tenant, functionId);
    await onDisk(
      tenant,
      "UPDATE execution_bodies SET bytes = CAST(bytes || x'00' AS BLOB) WHERE kind = 'journal'",
    );
    const refused = await tenant.call(`GET /executions/${id}/journal`);
    expect([refused.status, refused.body.code]).toEqual([500, 'secrets.undecryptable']);
    expect(await bindings.BRIDGE.health()).toMatchObject({ ready: true });
  });
});
