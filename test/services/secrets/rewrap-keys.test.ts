/** Rotation of the master key: in steps, stopped anywhere, while secrets are read and written. */
import { describe, expect, it } from 'vitest';
import type { BridgeEnv } from '../../../enclave-bridge/env.ts';
import { SoftwareBridge } from '../../../enclave-bridge/software-bridge.ts';
import { openSecretsForFunction } from '../../../worker/services/secrets/index.ts';
import { call, openTenant, type Tenant } from '../../support/harness.ts';
import {
  bindings,
  CANARY,
  callWithBridge,
  db,
  functionId,
  rows,
  run,
  store,
} from './vault-under-test.ts';

const OLD = `hex:${'5e'.repeat(32)}`;
const NEXT = `hex:${'c3'.repeat(32)}`;
const rotating = {
  ENVIRONMENT: 'development',
  SECRET_ENCRYPTION_KEY: NEXT,
  SECRET_ENCRYPTION_KEY_PREVIOUS: OLD,
};
const rotated = { ENVIRONMENT: 'development', SECRET_ENCRYPTION_KEY: NEXT };

const reader = functionId();

async function openThree(): Promise<readonly Tenant[]> {
  const tenants = [await openTenant('one'), await openTenant('two'), await openTenant('three')];
  for (const tenant of tenants) await store(tenant, 'token', { grants: [reader] });
  return tenants;
}

/** What a function of each tenant receives from a bridge with these settings. */
const receive = (tenants: readonly Tenant[], settings: BridgeEnv) =>
  Promise.all(
    tenants.map(async ({ accountId }) => {
      const access = {
        env: { ...bindings, BRIDGE: new SoftwareBridge(settings) },
        db,
        now: Date.now(),
      };
      const { opened } = await openSecretsForFunction(access, {
        accountId,
        functionId: reader,
        names: ['token'],
      });
      return opened.ok ? opened.value[0]?.value : opened.failure.code;
    }),
  );

const step = (body: object, settings: BridgeEnv = rotating) =>
  callWithBridge(settings, 'POST /operator/secrets/rewrap', { body });

describe('200', () => {
  it('goes on from its cursor, and every secret opens before, between and after the steps', async () => {
    const tenants = await openThree();
    const all = [CANARY, CANARY, CANARY];
    expect(await receive(tenants, rotating)).toEqual(all);
    const first = await step({ limit: 2 });
    expect(first.body).toMatchObject({ checked: 2, rewrapped: 2, nextCursor: expect.any(String) });
    expect(await receive(tenants, rotating), 'stopped half-way').toEqual(all);
    const second = await step({ limit: 2, cursor: first.body.nextCursor });
    expect(second.body).toMatchObject({ checked: 1, rewrapped: 1, nextCursor: null });
    expect(await receive(tenants, rotated), 'without the older master key').toEqual(all);
  });

  it('changes no sealed value, and a repeated step changes nothing', async () => {
    await openThree();
    const sealed = () => rows('SELECT * FROM secret_versions ORDER BY account_id');
    const before = await sealed();
    await step({});
    expect((await step({})).body).toMatchObject({ checked: 3, rewrapped: 0 });
    expect(await sealed()).toEqual(before);
  });

  it('names the account of a damaged key, leaves it alone and goes on with the others', async () => {
    const [damaged] = await openThree();
    await run(
      "UPDATE account_data_keys SET wrapped_key = 'AAAA' WHERE account_id = ?",
      damaged?.accountId,
    );
    expect((await step({})).body).toMatchObject({
      checked: 3,
      rewrapped: 2,
      undecryptable: [damaged?.accountId],
      nextCursor: null,
    });
  });

  it('answers what is declared on a platform whose key is current', async () => {
    await openThree();
    const answer = await call('POST /operator/secrets/rewrap', { body: {} });
    expect(answer.body).toEqual({ checked: 3, rewrapped: 0, undecryptable: [], nextCursor: null });
  });

  it('tells the act in the log of operators', async () => {
    await openThree();
    await step({ limit: 2 });
    const { body } = await call('GET /operator/audit?operation=secrets.rewrapKeys');
    expect(body.items).toMatchObject([{ outcome: 'ok', details: { checked: 2, rewrapped: 2 } }]);
  });
});

describe('403', () => {
  it('is for operators alone', async () => {
    const tenant = await openTenant();
    const refused = await call('POST /operator/secrets/rewrap', { token: tenant.key, body: {} });
    expect(refused.status).toBe(403);
  });
});

describe('503', () => {
  it('changes nothing without a master key', async () => {
    await openThree();
    const before = await rows('SELECT * FROM account_data_keys');
    expect(await step({}, {})).toMatchObject({
      status: 503,
      body: { code: 'secrets.encryption_unconfigured' },
    });
    expect(await rows('SELECT * FROM account_data_keys')).toEqual(before);
  });
});
