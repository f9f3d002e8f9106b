/** What a transaction would do and cost, before anybody signs it. */
import { base64 } from '@scure/base';
import { describe, expect, it } from 'vitest';
import { callAltered } from '../../support/altered-platform.ts';
import { openTenant, type Tenant } from '../../support/harness.ts';
import { NETWORKS, SMALL_CHAIN } from '../../support/small-chain.ts';

const network = NETWORKS.up.id;
const signers = [{ account: SMALL_CHAIN.sender }];
const transfer = (changes: object = {}) => ({
  contract: SMALL_CHAIN.gas,
  method: 'transfer',
  args: [
    { type: 'Hash160', value: SMALL_CHAIN.sender },
    { type: 'Hash160', value: SMALL_CHAIN.receiver },
    { type: 'Integer', value: '100000000' },
    { type: 'Any', value: null },
  ],
  result: 'asserted',
  ...changes,
});
const simulate = (tenant: Tenant, body: object) =>
  tenant.call('POST /transactions/simulate', { body: { network, signers, ...body } });

describe('200', () => {
  it('tells what calls would do, the script they are, and both fees to the datoshi', async () => {
    const { body } = await simulate(await openTenant(), { calls: [transfer()] });
    expect(body).toMatchObject({
      vmState: 'HALT',
      exception: null,
      systemFee: '9977780',
      // 249 bytes and one signature at a factor of 30, as a node of this network takes it.
      networkFee: '1232520',
      notifications: [{ contract: SMALL_CHAIN.gas, eventName: 'Transfer' }],
    });
    const script = base64.decode(body.script);
    expect(script.at(-1)).toBe(0x39); // ASSERT
  });

  it('answers a FAULT with its reason, and not as an error', async () => {
    const { status, body } = await simulate(await openTenant(), { script: 'OA==' });
    expect([status, body.vmState]).toEqual([200, 'FAULT']);
    expect(body.exception).toContain('ABORT');
  });

  it('takes a script as it is', async () => {
    const tenant = await openTenant();
    const { body } = await simulate(tenant, { calls: [transfer()] });
    expect((await simulate(tenant, { script: body.script })).body).toEqual(body);
  });
});

describe('400', () => {
  it.each([
    ['neither script nor calls', {}, '/script'],
    ['both', { script: 'QA==', calls: [transfer()] }, '/script'],
    ['what is no base64', { script: '!' }, '/script'],
    ['what is no contract', { calls: [transfer({ contract: 'gas' })] }, '/calls/0/contract'],
    ['flags that do not exist', { calls: [transfer({ flags: 'Everything' })] }, '/calls/0/flags'],
    [
      'an argument of a wrong form',
      { calls: [transfer(), transfer({ args: [{ type: 'Integer', value: '1.5' }] })] },
      '/calls/1/args/0/value',
    ],
    ['a signer twice', { script: 'QA==', signers: [...signers, ...signers] }, '/signers/1/account'],
    [
      'a list without its scope',
      { script: 'QA==', signers: [{ ...signers[0], allowedContracts: [SMALL_CHAIN.gas] }] },
      '/signers/0',
    ],
    [
      'a scope that does not exist',
      { script: 'QA==', signers: [{ ...signers[0], scopes: 'All' }] },
      '/signers/0/scopes',
    ],
  ])('names the place of %s', async (_what, body, pointer) => {
    const answer = await simulate(await openTenant(), body);
    expect(answer.status).toBe(400);
    expect(answer.body.fields[0].pointer).toContain(pointer);
  });
});

describe('404', () => {
  it('answers it for a network that is not served', async () => {
    const body = { network: 'neo3:mainnet', script: 'QA==' };
    expect((await simulate(await openTenant(), body)).body.code).toBe('chain.network_unknown');
  });
});

describe('422', () => {
  it.each([
    ['ends within an instruction', Uint8Array.of(0x0c, 5)],
    ['jumps to nowhere', Uint8Array.of(0x22, 0x7f)],
    ['is empty', new Uint8Array()],
  ])('refuses a script that %s before a node is asked', async (_what, script) => {
    const answer = await simulate(await openTenant(), { script: base64.encode(script) });
    expect(answer.body.code).toBe('transactions.script_refused');
  });
});

describe('503', () => {
  it('answers it while no node answers', async () => {
    const { key, accountId } = await openTenant();
    const settings = { NEO_NETWORKS: JSON.stringify([NETWORKS.down]) };
    const answer = await callAltered(
      settings,
      `POST /accounts/${accountId}/transactions/simulate`,
      { token: key, body: { network: NETWORKS.down.id, script: 'QA==', signers } },
    );
    expect(answer.body.code).toBe('chain.unavailable');
  });
});
