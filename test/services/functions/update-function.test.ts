/** Changing a function: versions are added and never changed, and no two changes at once both win. */
import { describe, expect, it } from 'vitest';
import { openTenant } from '../../support/harness.ts';
import {
  created,
  DOUBLE,
  ran,
  read,
  rows,
  TRIPLE,
  update,
  updated,
  versionsOf,
  withoutSlots,
} from './functions-under-test.ts';

describe('200', () => {
  it('adds a version and leaves the active one, until the new one is deployed', async () => {
    const tenant = await openTenant();
    const { id, activeVersion } = await created(tenant);
    const after = await updated(tenant, id, { source: TRIPLE });
    expect(after.activeVersion).toEqual(activeVersion);
    expect(after.latestVersion).toMatchObject({ number: 2, state: 'validating' });
    expect((await ran(tenant, id, { value: 1 })).output).toEqual({ doubled: 2 });
  });

  it('deploys the new version in the same step when asked', async () => {
    const tenant = await openTenant();
    const { id } = await created(tenant);
    const after = await updated(tenant, id, { source: TRIPLE, deploy: true });
    expect(after.activeVersion).toMatchObject({ number: 2, state: 'ready' });
    expect(await read(tenant, id)).toEqual(after);
    expect((await ran(tenant, id, { value: 1 })).output).toEqual({ tripled: 3 });
  });

  it.each([
    ['nothing', {}],
    ['the same source', { source: DOUBLE }],
    ['the same secrets in another order', { secrets: ['b', 'a'] }],
    ['a new name and description', { name: 'renamed', description: 'Other words.' }],
  ])('makes no version of %s', async (_what, change) => {
    const tenant = await openTenant();
    const { id, latestVersion } = await created(tenant, { secrets: ['a', 'b'] });
    const after = await updated(tenant, id, change);
    expect(after.latestVersion).toEqual(latestVersion);
    expect(await rows('SELECT * FROM function_versions')).toHaveLength(1);
  });

  it('finds the earlier version of equal content, and deploys it as it was', async () => {
    const tenant = await openTenant();
    const first = await created(tenant);
    await updated(tenant, first.id, { source: TRIPLE, deploy: true });
    const back = await updated(tenant, first.id, { source: DOUBLE, deploy: true });
    expect(back.activeVersion).toEqual(first.activeVersion);
    expect(back.latestVersion.number).toBe(2);
    expect(await versionsOf(tenant, first.id)).toHaveLength(2);
  });

  it('changes no row of an earlier version', async () => {
    const tenant = await openTenant();
    const { id } = await created(tenant, { inputSchema: { type: 'object' } });
    const before = await rows('SELECT * FROM function_versions');
    await updated(tenant, id, { source: TRIPLE, secrets: ['a'], inputSchema: null, deploy: true });
    await updated(tenant, id, { name: 'other', limits: { fuel: 2_000_000 }, deploy: true });
    expect(await rows('SELECT * FROM function_versions WHERE number = 1')).toEqual(before);
  });

  it('takes away what null takes away, and keeps what is not named', async () => {
    const tenant = await openTenant();
    const fields = { description: 'Words.', secrets: ['a'], inputSchema: { type: 'object' } };
    const { id } = await created(tenant, fields);
    const after = await updated(tenant, id, { description: null, inputSchema: null });
    expect(after.description).toBeNull();
    expect(after.latestVersion).toMatchObject({ inputSchema: null, secrets: ['a'] });
  });
});

describe('400', () => {
  it('does not change the runtime, which is no field of an update', async () => {
    const tenant = await openTenant();
    const { id } = await created(tenant);
    expect((await update(tenant, id, { runtime: 'python' })).status).toBe(400);
  });
});

describe('403 quota', () => {
  it('does not make more versions than a function may have', async () => {
    const tenant = await openTenant();
    const { id, latestVersion } = await created(tenant);
    await rows(
      `WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)
       INSERT INTO function_versions SELECT version_id || i, function_id, account_id, i,
         code_hash || i, source, source_bytes, entry_form, secrets, permissions, limits,
         input_schema, uses, state, failure, runtime_version, created_at, created_by, gas_scopes
       FROM n, function_versions WHERE version_id = ?`,
      latestVersion.id,
    );
    const refused = await update(tenant, id, { source: TRIPLE });
    expect(refused).toMatchObject({ status: 403, body: { code: 'quota.exceeded', limit: 1000 } });
    expect((await update(tenant, id, { name: 'still-renamed' })).status).toBe(200);
  });
});

describe('404', () => {
  it('does not change the function of another tenant, nor a deleted one', async () => {
    const [owner, stranger] = [await openTenant(), await openTenant('stranger')];
    const { id } = await created(owner);
    expect((await update(stranger, id, { source: TRIPLE, deploy: true })).status).toBe(404);
    expect((await ran(owner, id, { value: 1 })).output).toEqual({ doubled: 2 });
    await owner.call(`DELETE /functions/${id}`);
    expect((await update(owner, id, { name: 'again' })).status).toBe(404);
  });
});

describe('409', () => {
  it('refuses the name of another function and changes nothing', async () => {
    const tenant = await openTenant();
    await created(tenant, { name: 'taken' });
    const { id } = await created(tenant);
    const refused = await update(tenant, id, { name: 'taken', source: TRIPLE, deploy: true });
    expect(refused).toMatchObject({ status: 409, body: { code: 'functions.name_taken' } });
    expect(await versionsOf(tenant, id)).toHaveLength(1);
  });
});

describe('412', () => {
  it('lets one of twenty updates with one tag pass, and loses no version', async () => {
    const tenant = await openTenant();
    const { id } = await created(tenant);
    const headers = { 'if-match': '"r1"' };
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        update(tenant, id, { source: `() => ${index}`, deploy: true }, { headers }),
      ),
    );
    const [winner, ...others] = answers.filter(({ status }) => status === 200);
    expect(others).toEqual([]);
    const codes = answers.filter(({ status }) => status !== 200).map(({ body }) => body.code);
    expect(new Set(codes)).toEqual(new Set(['request.precondition_failed']));
    expect(await read(tenant, id)).toEqual(winner?.body);
    expect(await versionsOf(tenant, id)).toHaveLength(2);
  });

  it('keeps every version that it answered, when twenty updates come without a tag', async () => {
    const tenant = await openTenant();
    const { id } = await created(tenant);
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => update(tenant, id, { source: `() => ${index}` })),
    );
    const passed = answers.filter(({ status }) => status === 200);
    expect(passed.length).toBeGreaterThan(0);
    const numbers = passed.map(({ body }) => body.latestVersion.number as number);
    expect(new Set(numbers).size).toBe(passed.length);
    const kept = new Set((await versionsOf(tenant, id)).map((one: { id: string }) => one.id));
    for (const { body } of passed) expect(kept).toContain(body.latestVersion.id);
    expect(kept.size).toBe(passed.length + 1);
  });
});

describe('422', () => {
  it.each([
    [{ source: '(params) => {' }, 'functions.source_invalid'],
    [{ inputSchema: { pattern: '(' } }, 'functions.input_schema_invalid'],
  ])('refuses %j and changes nothing', async (change, code) => {
    const tenant = await openTenant();
    const { id } = await created(tenant);
    const before = await read(tenant, id);
    const refused = await update(tenant, id, { ...change, name: 'other', deploy: true });
    expect(refused).toMatchObject({ status: 422, body: { code } });
    expect(await read(tenant, id)).toEqual(before);
  });
});

describe('503', () => {
  it('is the answer when the account has no slot left to compile in; a new name needs none', async () => {
    const tenant = await openTenant();
    const { id } = await created(tenant);
    await withoutSlots(tenant, async () => {
      const refused = await update(tenant, id, { source: TRIPLE });
      expect(refused).toMatchObject({ status: 503, body: { code: 'functions.capacity' } });
      expect((await update(tenant, id, { name: 'other' })).status).toBe(200);
    });
    expect(await versionsOf(tenant, id)).toHaveLength(1);
  });
});
