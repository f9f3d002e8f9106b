/** `POST /accounts/{accountId}/gasbank/sponsorships`: what a policy pays for, and nothing else. */
import { base64 } from '@scure/base';
import { describe, expect, it } from 'vitest';
import { ScriptBuilder } from '../../../worker/core/neo/script-builder.ts';
import { callAltered } from '../../support/altered-platform.ts';
import { growingChain } from '../../support/growing-chain.ts';
import { openTenant } from '../../support/harness.ts';
import {
  addSponsor,
  balancesOf,
  bodyOf,
  closeGasAccount,
  create,
  createUser,
  DATOSHI,
  GAS,
  NODES_DOWN,
  openSponsoring,
  openWallet,
  prepared,
  retireSponsors,
  rowOf,
  senderOf,
  signed,
  suspend,
  transactionOf,
  transferBy,
  transferScript,
  until,
} from './sponsorships-under-test.ts';

const MINUTE_MS = 60_000;
const SYSTEM_FEE = 9_977_780n;

describe('201', () => {
  it('M7: holds exactly system fee and network fee, and tells what it costs', async () => {
    const sponsoring = await openSponsoring();
    const { body } = await prepared(sponsoring);
    const transaction = transactionOf({ body } as never);
    const cost = transaction.systemFee + transaction.networkFee;
    expect(transaction.systemFee).toBe(SYSTEM_FEE);
    expect(body).toMatchObject({
      status: 'prepared',
      signer: sponsoring.user.address,
      sponsor: sponsoring.sponsors[0],
      walletId: null,
      systemFee: '0.0997778',
    });
    expect(await balancesOf(sponsoring.tenant)).toEqual({
      available: 10n * DATOSHI - cost,
      reserved: cost,
      spent: 0n,
    });
  });

  it('makes the sponsor the first signer, with no scope, no attribute, and a window of M22', async () => {
    const sponsoring = await openSponsoring();
    const made = await prepared(sponsoring);
    const { signers, attributes, validUntilBlock } = transactionOf(made);
    expect(signers).toMatchObject([
      { scopes: { calledByEntry: false } },
      { account: sponsoring.user.account, scopes: { calledByEntry: true } },
    ]);
    expect(attributes).toEqual([]);
    const row = await rowOf(made.body.id);
    // Blocks of a second: ten minutes.
    expect(validUntilBlock - Number(row?.prepared_height)).toBe(600);
    expect(Date.parse(made.body.expiresAt) - Date.parse(made.body.createdAt)).toBe(10 * MINUTE_MS);
  });

  it('M22: never prepares beyond the window of the policy', async () => {
    const sponsoring = await openSponsoring({ windowBlocksMax: 30 });
    const made = await prepared(sponsoring);
    const row = await rowOf(made.body.id);
    expect(transactionOf(made).validUntilBlock - Number(row?.prepared_height)).toBe(30);
  });

  it('one step: a wallet of the account signs, then the sponsor, and it is sent and paid once', async () => {
    const chain = growingChain();
    const sponsoring = await openSponsoring();
    const { walletId, scriptHash } = await openWallet(sponsoring);
    const made = await prepared(sponsoring, {
      walletId,
      signer: undefined,
      calls: [transferBy(scriptHash)],
    });
    expect(made.body).toMatchObject({ status: 'sending', walletId });
    const [sponsor = ''] = sponsoring.sponsors;
    await until(sponsor, async () => expect([...chain.sent]).toEqual([made.body.hash]));
    chain.include(made.body.hash);
    await until(sponsor, async () =>
      expect(await rowOf(made.body.id)).toMatchObject({ status: 'confirmed' }),
    );
    const { systemFee, networkFee } = transactionOf(made);
    expect(await balancesOf(sponsoring.tenant)).toEqual({
      available: 10n * DATOSHI - systemFee - networkFee,
      reserved: 0n,
      spent: systemFee + networkFee,
    });
  });

  it('lets several sponsor wallets share the load', async () => {
    const sponsoring = await openSponsoring({ openPerSignerMax: 10 });
    const sponsors = [...sponsoring.sponsors, await addSponsor()];
    const used = new Set<string>();
    for (let turn = 0; turn < 4; turn += 1) used.add((await prepared(sponsoring)).body.sponsor);
    expect([...used].toSorted()).toEqual(sponsors.toSorted());
  });

  it('takes a wider scope of the user where it names contracts of the policy', async () => {
    const sponsoring = await openSponsoring();
    const scopes = { scopes: 'CalledByEntry,CustomContracts', allowedContracts: [GAS] };
    expect((await create(sponsoring, scopes)).status).toBe(201);
  });
});

describe('200', () => {
  it('answers the same sponsorship under the same id, and holds nothing more', async () => {
    const sponsoring = await openSponsoring({ openPerSignerMax: 3 });
    const first = await create(sponsoring, { id: 'seven' });
    const again = await create(sponsoring, { id: 'seven' });
    expect([first.status, again.status, again.body.id]).toEqual([201, 200, first.body.id]);
    const together = await Promise.all([
      create(sponsoring, { id: 'eight' }),
      create(sponsoring, { id: 'eight' }),
    ]);
    expect(new Set(together.map(({ body }) => body.id)).size).toBe(1);
    const { systemFee, networkFee } = transactionOf(first);
    expect((await balancesOf(sponsoring.tenant)).reserved).toBe(2n * (systemFee + networkFee));
  });
});

describe('400', () => {
  it.each([
    ['neither signer nor wallet', { signer: undefined }, '/signer'],
    ['both', { walletId: 'nwl_01k4j8x1e0e4r9v2m3n5p6q7rs' }, '/signer'],
    ['a signer that is no address', { signer: 'Nobody' }, '/signer'],
    ['neither script nor calls', { calls: undefined }, '/script'],
    ['an id with other characters', { id: 'a/b' }, '/id'],
  ])('refuses %s', async (_what, fields, pointer) => {
    const refused = await create(await openSponsoring(), fields);
    expect(refused).toMatchObject({ status: 400, body: { code: 'request.malformed' } });
    expect(refused.body.fields[0].pointer).toBe(pointer);
  });

  it('M22: refuses nobody as the end user where each has a cap', async () => {
    const sponsoring = await openSponsoring({ perEndUserPerDay: '1' });
    const refused = await create(sponsoring);
    expect(refused.body.fields[0].pointer).toBe('/endUser');
    expect((await create(sponsoring, { endUser: 'alice' })).status).toBe(201);
  });
});

/** A script in which the contract that is called is what the call before answered. */
function targetByAnswer(): Uint8Array {
  const target = new ScriptBuilder()
    .pushArray([])
    .pushInteger(5n)
    .pushString('target')
    .pushHash160(GAS)
    .syscall('System.Contract.Call')
    .toBytes();
  const rest = new ScriptBuilder().syscall('System.Contract.Call').toBytes();
  const arguments_ = new ScriptBuilder().pushArray([]).pushInteger(15n).pushString('transfer');
  return Uint8Array.of(...arguments_.toBytes(), ...target, ...rest);
}

const withNop = (script: Uint8Array): Uint8Array => Uint8Array.of(...script, 0x21);

describe('422', () => {
  it.each([
    ['M21: a call whose target is the answer of another', () => targetByAnswer()],
    ['M21: an instruction beside the calls', (script: Uint8Array) => withNop(script)],
    ['M21: a jump', (script: Uint8Array) => Uint8Array.of(0x22, 0x02, ...script)],
  ])('refuses %s', async (_what, scriptOf) => {
    const sponsoring = await openSponsoring();
    const script = base64.encode(scriptOf(transferScript(sponsoring.user.account)));
    const refused = await create(sponsoring, { calls: undefined, script });
    expect(refused).toMatchObject({
      status: 422,
      body: { code: 'sponsorships.script_not_canonical' },
    });
    expect((await balancesOf(sponsoring.tenant)).reserved).toBe(0n);
  });

  it('refuses what would fault, before anything is held', async () => {
    const chain = growingChain();
    chain.exception = 'at instruction 7 (ASSERT): ASSERT failed';
    const sponsoring = await openSponsoring();
    const refused = await create(sponsoring);
    expect(refused.body).toMatchObject({
      code: 'sponsorships.would_fault',
      detail: chain.exception,
    });
    expect((await balancesOf(sponsoring.tenant)).reserved).toBe(0n);
  });

  it('M21: counts a transfer that answers false without ASSERT as a failure', async () => {
    const chain = growingChain();
    const small = chain.node.scripts.get('invokescript');
    chain.node.scripts.set('invokescript', (request) => {
      const bytes = base64.decode(String(request.params[0]));
      // ASSERT is the last instruction of the script that is run beside it.
      if (bytes.at(-1) !== 0x39) return small?.(request) ?? {};
      const answer = { state: 'FAULT', exception: 'ASSERT failed', gasconsumed: '1', stack: [] };
      return { result: { script: request.params[0], notifications: [], ...answer } };
    });
    const sponsoring = await openSponsoring();
    for (const result of ['kept', 'dropped']) {
      const calls = [transferBy(sponsoring.user.account, { result })];
      expect((await create(sponsoring, { calls })).body.code).toBe('sponsorships.transfer_failed');
    }
  });

  it('refuses a user who signs for every contract, or for one the policy does not name', async () => {
    const sponsoring = await openSponsoring();
    expect((await create(sponsoring, { scopes: 'Global' })).body.code).toBe(
      'sponsorships.user_scope_global',
    );
    const scopes = 'CustomContracts';
    const allowedContracts = [`0x${'1'.repeat(40)}`];
    expect((await create(sponsoring, { scopes, allowedContracts })).body.code).toBe(
      'sponsorships.user_scope_not_allowed',
    );
  });

  it('refuses the sponsor as its own user', async () => {
    const sponsoring = await openSponsoring();
    const refused = await create(sponsoring, { signer: sponsoring.sponsors[0] });
    expect(refused.body.code).toBe('sponsorships.signer_unusable');
  });

  it('refuses a policy of another account, and a wallet of another account', async () => {
    const one = await openSponsoring();
    const other = await openSponsoring();
    const { policyId } = other;
    expect((await create(one, { policyId })).body.code).toBe('sponsorships.policy_unknown');
    const { walletId } = await openWallet(other);
    const refused = await create(one, { walletId, signer: undefined });
    expect(refused.body.code).toBe('sponsorships.signer_unusable');
  });

  it('refuses a script that no node would take, and a policy of a wallet that has no place for it', async () => {
    const sponsoring = await openSponsoring();
    const script = base64.encode(Uint8Array.of(0xff));
    expect((await create(sponsoring, { calls: undefined, script })).body.code).toBe(
      'transactions.script_refused',
    );
    const { walletId, scriptHash } = await openWallet(sponsoring, '5');
    const calls = [transferBy(scriptHash, { datoshi: 6 })];
    const refused = await create(sponsoring, { walletId, signer: undefined, calls });
    expect(refused.body.code).toBe('wallets.policy_refused');
  });

  it('refuses a gas account that was closed since', async () => {
    const sponsoring = await openSponsoring();
    await closeGasAccount(sponsoring.gasAccountId);
    expect((await create(sponsoring)).body.code).toBe('sponsorships.gas_account_unusable');
  });
});

describe('402', () => {
  it('refuses what the gas account cannot pay', async () => {
    const sponsoring = await openSponsoring({}, SYSTEM_FEE);
    const refused = await create(sponsoring);
    expect(refused).toMatchObject({ status: 402, body: { code: 'gasbank.insufficient_funds' } });
    expect((await sponsoring.tenant.call('GET /gasbank/sponsorships')).body.items).toEqual([]);
  });
});

describe('403', () => {
  it('M21: refuses a contract and a method that the policy does not name', async () => {
    const sponsoring = await openSponsoring();
    const foreign = { ...transferBy(sponsoring.user.account), contract: `0x${'1'.repeat(40)}` };
    const method = { ...transferBy(sponsoring.user.account), method: 'burn' };
    for (const call of [foreign, method]) {
      const calls = [transferBy(sponsoring.user.account), call];
      const refused = await create(sponsoring, { calls });
      expect(refused.body.code).toBe('sponsorships.call_not_allowed');
    }
  });

  it('refuses what costs more than the policy pays for one', async () => {
    const sponsoring = await openSponsoring({ feeMax: '0.1' });
    const refused = await create(sponsoring);
    expect(refused.body).toMatchObject({
      code: 'sponsorships.fee_above_policy',
      limit: 10_000_000,
    });
  });

  it.each([
    ['the policy', { perDay: '0.2' }, /^policy:/],
    ['the account', { perAccountPerDay: '0.2' }, /^sponsorships$/],
    ['a signer', { perSignerPerDay: '0.2' }, /^signer:/],
    ['a key', { perKeyPerDay: '0.2' }, /^key:/],
    ['a contract', { perContractPerDay: '0.2' }, /^contract:/],
    ['a method', { perMethodPerDay: '0.2' }, /^method:.*:transfer$/],
    ['an end user', { perEndUserPerDay: '0.2' }, /^user:/],
  ])('M22: refuses what would break the budget of %s', async (_what, terms, counter) => {
    const sponsoring = await openSponsoring({ ...terms, openPerSignerMax: 10 });
    const fields = { endUser: 'alice@example.com' };
    expect((await create(sponsoring, fields)).status).toBe(201);
    const refused = await create(sponsoring, fields);
    expect(refused.body.code).toBe('gasbank.budget_exceeded');
    expect(refused.body.detail).toMatch(counter);
  });

  it('refuses a wallet of the account to a key that may not send from it', async () => {
    const sponsoring = await openSponsoring();
    const { walletId } = await openWallet(sponsoring);
    const { tenant } = sponsoring;
    const made = await tenant.call('POST /keys', {
      body: { name: 'asks', scopes: ['sponsorships:create'] },
    });
    const body = { id: 'one', policyId: sponsoring.policyId, calls: [], walletId };
    const calls = [transferBy(sponsoring.user.account)];
    const refused = await tenant.call('POST /gasbank/sponsorships', {
      token: made.body.key,
      body: { ...body, calls },
    });
    expect([refused.status, refused.body.code]).toEqual([403, 'request.forbidden']);
  });

  it('refuses under a policy that is suspended', async () => {
    const sponsoring = await openSponsoring();
    await suspend(sponsoring.policyId);
    expect((await create(sponsoring)).body.code).toBe('sponsorships.policy_suspended');
  });

  it('M22: refuses where the policy asks for a session of the user, and there is none', async () => {
    const sponsoring = await openSponsoring({ requiresUserSession: true });
    for (const userSession of [undefined, 'x'.repeat(43)])
      expect((await create(sponsoring, { userSession })).body.code).toBe(
        'sponsorships.user_session_required',
      );
  });
});

describe('404', () => {
  it('tells nothing of another account', async () => {
    const sponsoring = await openSponsoring();
    const stranger = await openTenant('stranger');
    const refused = await sponsoring.tenant.call('POST /gasbank/sponsorships', {
      token: stranger.key,
      body: {},
    });
    expect(refused.status).toBe(404);
  });
});

describe('409', () => {
  it('refuses another wish under the same id', async () => {
    const sponsoring = await openSponsoring();
    await prepared(sponsoring, { id: 'seven' });
    const refused = await create(sponsoring, { id: 'seven', signer: createUser().address });
    expect([refused.status, refused.body.code]).toEqual([409, 'sponsorships.request_conflict']);
  });
});

describe('429', () => {
  it('M7: bounds what is prepared for one signer and for the policy', async () => {
    const sponsoring = await openSponsoring({ openMax: 3, openPerSignerMax: 2 });
    await prepared(sponsoring);
    await prepared(sponsoring);
    const own = await create(sponsoring);
    expect([own.status, own.body.code]).toEqual([429, 'sponsorships.too_many_open']);
    const another = createUser();
    const fields = { signer: another.address, calls: [transferBy(another.account)] };
    await prepared(sponsoring, fields);
    const third = createUser();
    const refused = await create(sponsoring, { signer: third.address });
    expect(refused.body.code).toBe('sponsorships.too_many_open');
  });

  it('counts what is under way, too', async () => {
    growingChain();
    const sponsoring = await openSponsoring({ openPerSignerMax: 1 });
    await signed(sponsoring);
    expect((await create(sponsoring)).body.code).toBe('sponsorships.too_many_open');
  });
});

describe('503', () => {
  it('refuses where no sponsor wallet has enough that nothing else needs', async () => {
    const sponsoring = await openSponsoring();
    await retireSponsors();
    const refused = await create(sponsoring);
    expect([refused.status, refused.body.code]).toEqual([503, 'sponsorships.no_sponsor_funds']);
  });

  it('M8: counts what the sponsor has signed already', async () => {
    const chain = growingChain();
    const small = chain.node.scripts.get('invokescript');
    const sponsoring = await openSponsoring({ openPerSignerMax: 10 });
    const first = await signed(sponsoring);
    const { systemFee, networkFee } = transactionOf(first);
    chain.node.scripts.set('invokescript', (request) => {
      const answered = small?.(request) as { result: { stack: { value: string }[] } };
      // Enough for one more, were nothing under way.
      for (const item of answered.result.stack)
        if (item.value === '10000000000') item.value = String(2n * (systemFee + networkFee) - 1n);
      return answered;
    });
    expect((await create(sponsoring)).body.code).toBe('sponsorships.no_sponsor_funds');
    const view = await senderOf(sponsoring.sponsors[0] ?? '').get(first.body.id);
    expect(view.ok).toBe(true);
  });

  it('refuses while no node can be reached', async () => {
    const sponsoring = await openSponsoring();
    const { accountId, key: token } = sponsoring.tenant;
    const path = `POST /accounts/${accountId}/gasbank/sponsorships`;
    const refused = await callAltered(NODES_DOWN, path, { token, body: bodyOf(sponsoring) });
    expect([refused.status, refused.body.code]).toEqual([503, 'chain.unavailable']);
  });
});
