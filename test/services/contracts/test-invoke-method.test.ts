/** `POST .../contracts/{contractId}/test-invoke`: a call by the manifest, without effect. */
import { base64 } from '@scure/base';
import { describe, expect, it } from 'vitest';
import { CALL_FLAGS } from '../../../worker/core/neo/call-flags.ts';
import { decodeCalls } from '../../../worker/core/neo/contract-calls.ts';
import { keyOf, openTenant, type Tenant } from '../../support/harness.ts';
import { NETWORKS, SMALL_CHAIN } from '../../support/small-chain.ts';
import { HOSTILE_NAMES, SMALL_CONTRACTS } from '../../support/small-contracts.ts';
import {
  ABSENT,
  callElsewhere,
  callWithoutNodes,
  destroy,
  pathOf,
  register,
  type SmallContract,
} from './contracts-under-test.ts';

const NULL = { type: 'Any', value: null };
const integer = (value: unknown) => ({ type: 'Integer', value });

async function invoke(tenant: Tenant, body: object, contract: SmallContract = 'workshop') {
  const made = await register(tenant, contract);
  return tenant.call(`POST ${pathOf(made)}/test-invoke`, { body });
}

describe('200', () => {
  it('answers state, stack and fee, as a simulation does', async () => {
    const tenant = await openTenant();
    const { body } = await invoke(tenant, { method: 'decimals' }, 'token');
    expect(body).toMatchObject({
      vmState: 'HALT',
      exception: null,
      systemFee: '9977780',
      networkFee: null,
      stack: [{ type: 'Integer', value: '8' }],
      notifications: [],
    });
  });

  it('runs a safe method without the right to write, and another with all', async () => {
    const tenant = await openTenant();
    const made = await register(tenant);
    const flagsOf = async (body: object) => {
      const run = await tenant.call(`POST ${pathOf(made)}/test-invoke`, { body });
      const calls = decodeCalls(base64.decode(run.body.script));
      return calls.ok ? calls.value.map(({ contract, flags }) => [contract, flags]) : [];
    };
    const { workshop } = SMALL_CONTRACTS;
    expect(await flagsOf({ method: 'echo', args: [NULL] })).toEqual([
      [workshop, CALL_FLAGS.ReadOnly],
    ]);
    expect(await flagsOf({ method: 'fail' })).toEqual([[workshop, CALL_FLAGS.All]]);
  });

  it('hands an integer of 256 bits over and back without loss', async () => {
    const value = String(-(1n << 255n));
    const { body } = await invoke(await openTenant(), { method: 'echo', args: [integer(value)] });
    expect(body.stack).toEqual([integer(value)]);
  });

  it('answers a FAULT with its reason, and not as an error', async () => {
    const { status, body } = await invoke(await openTenant(), { method: 'fail' });
    expect([status, body.vmState, body.exception]).toEqual([200, 'FAULT', 'failed as asked']);
  });

  it('quotes the network fee for the signers that are named', async () => {
    const signers = [{ account: SMALL_CHAIN.sender }];
    const { body } = await invoke(await openTenant(), { method: 'decimals', signers }, 'token');
    expect(body.networkFee).toMatch(/^\d{6,}$/);
  });

  it('needs the scope to read, and no right to send', async () => {
    const tenant = await openTenant();
    const made = await register(tenant);
    const ask = async (scope: 'contracts:read' | 'transactions:read') => {
      const token = await keyOf(tenant.accountId, { scopes: [scope] });
      const body = { method: 'echo', args: [NULL] };
      return (await tenant.call(`POST ${pathOf(made)}/test-invoke`, { body, token })).status;
    };
    expect([await ask('contracts:read'), await ask('transactions:read')]).toEqual([200, 403]);
  });
});

describe('400', () => {
  it.each([
    ['a method that is none', { method: 'nothing' }, '/method'],
    ['a method that the chain alone calls', { method: '_deploy', args: [NULL, NULL] }, '/method'],
    ['a name of every object', { method: '__proto__' }, '/method'],
    ['too few arguments', { method: 'echo' }, '/args'],
    ['too many arguments', { method: 'fail', args: [NULL] }, '/args'],
    [
      'an argument of another type',
      { method: 'put', args: [{ type: 'Boolean', value: true }, NULL] },
      '/args/0/type',
    ],
    [
      'a type that does not exist',
      { method: 'echo', args: [{ type: 'Float', value: 1 }] },
      '/args/0/type',
    ],
    [
      'an integer beyond 256 bits',
      { method: 'echo', args: [integer(String(1n << 255n))] },
      '/args/0/value',
    ],
    [
      'an integer that JSON has rounded',
      { method: 'echo', args: [integer(2 ** 60)] },
      '/args/0/value',
    ],
    [
      'a wrong argument within a list',
      { method: 'echo', args: [{ type: 'Array', value: [NULL, integer('x')] }] },
      '/args/0/value/1/value',
    ],
    [
      'a signer that is none',
      { method: 'fail', signers: [{ account: 'nobody' }] },
      '/signers/0/account',
    ],
  ])('names the place of %s', async (_, body, pointer) => {
    const answer = await invoke(await openTenant(), body);
    expect([answer.status, answer.body.fields?.[0].pointer]).toEqual([400, pointer]);
  });

  it('repeats nothing that a hostile manifest says', async () => {
    const tenant = await openTenant();
    const made = await register(tenant, 'hostile');
    for (const method of HOSTILE_NAMES.slice(0, 7)) {
      const body = { method, args: [integer('1')] };
      const refused = await tenant.call(`POST ${pathOf(made)}/test-invoke`, { body });
      expect(refused.status).toBe(400);
      expect(refused.text).not.toMatch(/stolen|\u202e|exit/);
    }
  });
});

describe('404', () => {
  it('answers it for a contract that is not there, or is of another account', async () => {
    const tenant = await openTenant();
    const made = await register(await openTenant('payee'));
    for (const path of [`/contracts/${ABSENT}`, pathOf(made)]) {
      const asked = await tenant.call(`POST ${path}/test-invoke`, { body: { method: 'fail' } });
      expect(asked.body.code).toBe('request.not_found');
    }
  });

  it('M1: runs nothing on a network that has the same name and another magic', async () => {
    const tenant = await openTenant();
    const made = await register(tenant);
    const path = `POST ${pathOf(made)}/test-invoke`;
    const { body } = await callElsewhere(tenant, path, { body: { method: 'fail' } });
    expect(body.code).toBe('chain.network_unknown');
  });
});

describe('409', () => {
  it('runs nothing of a contract that was destroyed meanwhile', async () => {
    const tenant = await openTenant();
    const made = await register(tenant);
    await destroy(made);
    const body = { method: 'fail' };
    const { body: told } = await tenant.call(`POST ${pathOf(made)}/test-invoke`, { body });
    expect(told.code).toBe('contracts.not_deployed');
  });
});

describe('422', () => {
  it('asks no node to run a script longer than a transaction can carry', async () => {
    const value = base64.encode(new Uint8Array(65_535));
    const args = [{ type: 'ByteArray', value }];
    const { body } = await invoke(await openTenant(), { method: 'echo', args });
    expect(body).toMatchObject({ code: 'transactions.script_refused', limit: 65_535 });
  });
});

describe('503', () => {
  it('answers it while no node answers', async () => {
    const tenant = await openTenant();
    const made = await register(tenant);
    const path = `POST ${pathOf(made)}/test-invoke`;
    const { body } = await callWithoutNodes(tenant, path, { body: { method: 'fail' } });
    expect(body.code).toBe('chain.unavailable');
    expect(NETWORKS.up.id).toBe(made.body.network);
  });
});
