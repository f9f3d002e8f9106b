/** `POST .../sponsorships/{sponsorshipId}/signature`: every sentence that is checked has its attack. */
import { base64 } from '@scure/base';
import { describe, expect, it } from 'vitest';
import { NATIVE_CONTRACTS } from '../../../worker/core/neo/native-contracts.ts';
import { parsePublicKey } from '../../../worker/core/neo/public-key.ts';
import { encodeInvocation } from '../../../worker/core/neo/transaction/signature-witness.ts';
import {
  hashTransaction,
  parseBase64Transaction,
  toBase64Transaction,
  type UnsignedTransaction,
} from '../../../worker/core/neo/transaction/transaction.ts';
import { encodeMultisigScript } from '../../../worker/core/neo/verification-script.ts';
import { callAltered } from '../../support/altered-platform.ts';
import { growingChain } from '../../support/growing-chain.ts';
import { openTenant } from '../../support/harness.ts';
import {
  balancesOf,
  createUser,
  DATOSHI,
  NODES_DOWN,
  openSponsoring,
  openWallet,
  pass,
  prepared,
  rowOf,
  type Sponsoring,
  senderOf,
  sign,
  signatureOf,
  signed,
  suspend,
  TERMS,
  transactionOf,
  transferBy,
  transferScript,
  until,
} from './sponsorships-under-test.ts';

const MINUTE_MS = 60_000;
const SECRET_FREE = { calledByEntry: true } as const;

describe('200', () => {
  it.each(['signature', 'witness', 'context'] as const)(
    'takes a %s, lets the sponsor sign last, and sends what both signed',
    async (form) => {
      const chain = growingChain();
      const sponsoring = await openSponsoring();
      const made = await prepared(sponsoring);
      const answered = await sign(sponsoring, made, answerOf(sponsoring, made, form));
      expect([answered.status, answered.body.status], answered.text).toEqual([200, 'sending']);
      const [sponsor = ''] = sponsoring.sponsors;
      const sent = await until(sponsor, async () => {
        const found = chain.pool.get(made.body.hash);
        if (!found) throw new Error('nothing was sent');
        return found;
      });
      const whole = parseBase64Transaction(toBase64Transaction(sent));
      expect(whole.ok && whole.value.witnesses).toHaveLength(2);
      expect(hashTransaction(sent)).toBe(made.body.hash);
      const row = await rowOf(made.body.id);
      expect(row?.handed_at).not.toBeNull();
    },
  );

  it('M7: captures exactly both fees on HALT, and tells it once', async () => {
    const { sponsoring, cost } = await ended('HALT');
    expect(await balancesOf(sponsoring.tenant)).toEqual({
      available: 10n * DATOSHI - cost,
      reserved: 0n,
      spent: cost,
    });
  });

  it('M7, M22: captures exactly both fees on FAULT, and counts it against signer and policy', async () => {
    const { sponsoring, cost, made } = await ended('FAULT', { faultsPerSignerPerDay: 1 });
    expect((await balancesOf(sponsoring.tenant)).spent).toBe(cost);
    expect(await rowOf(made.body.id)).toMatchObject({ status: 'faulted' });
    const again = await sponsoring.tenant.call('POST /gasbank/sponsorships', {
      body: {
        id: 'again',
        policyId: sponsoring.policyId,
        calls: [transferBy(sponsoring.user.account)],
        signer: sponsoring.user.address,
      },
    });
    expect([again.status, again.body.code]).toEqual([403, 'sponsorships.faults_spent']);
  });

  it('M22: suspends the policy with the last fault of the day, and tells of it', async () => {
    const { sponsoring } = await ended('FAULT', { faultsPerDay: 1 });
    const path = `GET /gasbank/sponsorship-policies/${sponsoring.policyId}`;
    expect((await sponsoring.tenant.call(path)).body.status).toBe('suspended');
    const page = await sponsoring.tenant.call('GET /events?limit=100');
    const types = (page.body.items as { type: string }[]).map(({ type }) => type);
    expect(types.filter((type) => type === 'sponsorship_policy.suspended')).toHaveLength(1);
  });

  it('M4, M22: releases all of it after expiry and proven absence, and not before', async () => {
    const chain = growingChain();
    const sponsoring = await openSponsoring();
    const made = await signed(sponsoring);
    const [sponsor = ''] = sponsoring.sponsors;
    await until(sponsor, async () => expect(chain.pool.has(made.body.hash)).toBe(true));
    // Longer than any timed hold: only the chain decides.
    pass(11 * MINUTE_MS);
    expect((await balancesOf(sponsoring.tenant)).reserved).toBeGreaterThan(0n);
    // What the user cancels with a transaction of her own never comes.
    chain.pool.clear();
    chain.takes = false;
    chain.grow(601);
    await until(sponsor, async () =>
      expect(await rowOf(made.body.id)).toMatchObject({ status: 'expired' }),
    );
    expect(await balancesOf(sponsoring.tenant)).toEqual({
      available: 10n * DATOSHI,
      reserved: 0n,
      spent: 0n,
    });
  });

  it('changes nothing when the same signature comes again', async () => {
    growingChain();
    const sponsoring = await openSponsoring();
    const made = await prepared(sponsoring);
    const answers = await Promise.all([sign(sponsoring, made), sign(sponsoring, made)]);
    expect(answers.map(({ status }) => status)).toContain(200);
    const again = await sign(sponsoring, made);
    expect([again.status, again.body.status]).toEqual([200, 'sending']);
    const listed = await senderOf(sponsoring.sponsors[0] ?? '').list({ limit: 10 });
    expect(listed.value.items.map(({ id }) => id)).toEqual([made.body.id]);
  });
});

type Form = 'signature' | 'witness' | 'context';

function answerOf(
  sponsoring: Sponsoring,
  made: Awaited<ReturnType<typeof prepared>>,
  form: Form,
): object {
  const { user } = sponsoring;
  if (form === 'signature') return signatureOf(sponsoring, made);
  const context = user.contextOf(transactionOf(made)) as {
    items: Record<string, { script: string; parameters: { value: string }[] }>;
  };
  if (form === 'context') return { context };
  const item = context.items[user.account];
  const signature = base64.decode(item?.parameters[0]?.value ?? '');
  const invocation = base64.encode(encodeInvocation([signature]));
  return { witness: { invocation, verification: item?.script } };
}

async function ended(vmState: 'HALT' | 'FAULT', terms: object = {}) {
  const chain = growingChain();
  const sponsoring = await openSponsoring(terms);
  const made = await signed(sponsoring);
  const [sponsor = ''] = sponsoring.sponsors;
  await until(sponsor, async () => expect(chain.pool.has(made.body.hash)).toBe(true));
  chain.include(made.body.hash, vmState);
  await until(sponsor, async () => expect((await rowOf(made.body.id))?.ended_at).not.toBeNull());
  const { systemFee, networkFee } = transactionOf(made);
  return { sponsoring, made, cost: systemFee + networkFee };
}

describe('400', () => {
  it.each([
    ['nothing', {}, '/signature'],
    ['a key without a signature', { publicKey: createUser().publicKey }, '/signature'],
    [
      'a witness beside a context',
      { witness: { invocation: '', verification: '' }, context: {} },
      '/signature',
    ],
    [
      'a witness that is not base64',
      { witness: { invocation: '*', verification: '' } },
      '/witness',
    ],
    ['a context of another form', { context: { type: 'Letter' } }, '/context/type'],
  ])('refuses %s', async (_what, answer, pointer) => {
    const sponsoring = await openSponsoring();
    const refused = await sign(sponsoring, await prepared(sponsoring), answer);
    expect([refused.status, refused.body.code]).toEqual([400, 'request.malformed']);
    expect(refused.body.fields[0].pointer).toBe(pointer);
  });
});

/** Each changes one thing, and is soundly signed by the user. */
const ATTACKS: readonly (readonly [
  string,
  string,
  (transaction: UnsignedTransaction) => UnsignedTransaction,
])[] = [
  [
    'the user is the first signer, and the sponsor pays nothing',
    'sponsorships.sponsor_not_first',
    (one) => ({ ...one, signers: one.signers.toReversed() }),
  ],
  [
    'the sponsor stands for whatever the script calls',
    'sponsorships.sponsor_scope',
    (one) => withScope(one, 0, SECRET_FREE),
  ],
  [
    'the sponsor has a scope that names no contract',
    'sponsorships.sponsor_scope',
    (one) => withScope(one, 0, { calledByEntry: false, contracts: [] }),
  ],
  ['the sponsor is Global', 'sponsorships.sponsor_scope', (one) => withScope(one, 0, 'Global')],
  ['the user is Global', 'sponsorships.user_scope_global', (one) => withScope(one, 1, 'Global')],
  [
    'it would void another transaction of the sponsor',
    'sponsorships.attribute_foreign',
    (one) => ({ ...one, attributes: [{ type: 'Conflicts', hash: hashTransaction(one) }] }),
  ],
  [
    'it is valid for one block more',
    'sponsorships.window_exceeded',
    (one) => ({ ...one, validUntilBlock: one.validUntilBlock + 1 }),
  ],
  [
    'it has another script',
    'sponsorships.script_differs',
    (one) => ({ ...one, script: Uint8Array.of(0x40) }),
  ],
  [
    'it pays one datoshi more in system fee',
    'sponsorships.fees_differ',
    (one) => ({ ...one, systemFee: one.systemFee + 1n }),
  ],
  [
    'it pays one datoshi more in network fee',
    'sponsorships.fees_differ',
    (one) => ({ ...one, networkFee: one.networkFee + 1n }),
  ],
  [
    'another signer stands beside',
    'sponsorships.signers_differ',
    (one) => ({
      ...one,
      signers: [...one.signers, { account: NATIVE_CONTRACTS.NeoToken.hash, scopes: SECRET_FREE }],
    }),
  ],
  [
    'it has another nonce',
    'sponsorships.bytes_differ',
    (one) => ({ ...one, nonce: (one.nonce + 1) >>> 0 }),
  ],
];

function withScope(
  one: UnsignedTransaction,
  index: number,
  scopes: UnsignedTransaction['signers'][number]['scopes'],
): UnsignedTransaction {
  const signers = one.signers.map((signer, at) => (at === index ? { ...signer, scopes } : signer));
  return { ...one, signers };
}

describe('422', () => {
  it.each(ATTACKS)('refuses where %s', async (_what, code, alter) => {
    const sponsoring = await openSponsoring();
    const made = await prepared(sponsoring);
    const context = sponsoring.user.contextOf(alter(transactionOf(made)));
    const refused = await sign(sponsoring, made, { context });
    expect([refused.status, refused.body.code]).toEqual([422, code]);
    // Nothing of it was signed.
    const known = await senderOf(sponsoring.sponsors[0] ?? '').get(made.body.id);
    expect(known.ok).toBe(false);
    expect(await rowOf(made.body.id)).toMatchObject({ status: 'prepared', invocation: null });
  });

  it('refuses a script that the policy would pay for, and that was not simulated', async () => {
    const sponsoring = await openSponsoring();
    const made = await prepared(sponsoring);
    const script = transferScript(createUser().account);
    const context = sponsoring.user.contextOf({ ...transactionOf(made), script });
    expect((await sign(sponsoring, made, { context })).body.code).toBe(
      'sponsorships.script_differs',
    );
  });

  it('M22: refuses what the policy allows no more, tightened since', async () => {
    const sponsoring = await openSponsoring();
    const made = await prepared(sponsoring);
    await sponsoring.tenant.call(`PUT /gasbank/sponsorship-policies/${sponsoring.policyId}`, {
      body: { name: 'game', ...TERMS, windowBlocksMax: 30 },
    });
    expect((await sign(sponsoring, made)).body.code).toBe('sponsorships.window_exceeded');
  });

  it.each([
    [
      'of another key',
      (made: Made) => ({ ...signatureBy(made), publicKey: createUser().publicKey }),
    ],
    ['by another user', (made: Made, other = createUser()) => signatureOf({ user: other }, made)],
    ['for another network', (made: Made) => foreign(made)],
  ])('refuses a signature %s', async (_what, answer) => {
    const sponsoring = await openSponsoring();
    const made = { ...(await prepared(sponsoring)), user: sponsoring.user };
    const refused = await sign(sponsoring, made, answer(made));
    expect(refused.body.code).toBe('sponsorships.signature_refused');
  });

  it('refuses a witness of a multisig account, which costs more than is paid', async () => {
    const user = createUser();
    const key = parsePublicKey(user.publicKey);
    const script = key && encodeMultisigScript({ threshold: 1, publicKeys: [key] });
    const sponsoring = await openSponsoring();
    const made = await prepared(sponsoring);
    const verification = script?.ok ? base64.encode(script.value) : '';
    const witness = {
      invocation: base64.encode(encodeInvocation([new Uint8Array(64)])),
      verification,
    };
    expect((await sign(sponsoring, made, { witness })).body.code).toBe(
      'sponsorships.signature_refused',
    );
  });

  it('refuses a context in which nobody has signed', async () => {
    const sponsoring = await openSponsoring();
    const made = await prepared(sponsoring);
    const refused = await sign(sponsoring, made, { context: made.body.context });
    expect(refused.body.code).toBe('sponsorships.signature_refused');
  });
});

type Made = Awaited<ReturnType<typeof prepared>> & { readonly user: Sponsoring['user'] };
const signatureBy = (made: Made) => signatureOf({ user: made.user }, made);
const foreign = (made: Made) => ({
  publicKey: made.user.publicKey,
  signature: made.user.sign(made.body.hash, 1),
});

const { NeoToken } = NATIVE_CONTRACTS;
const BOTH = [...TERMS.contracts, { contract: NeoToken.hash, methods: ['transfer'] }];

describe('403', () => {
  it.each<[string, object, string]>([
    ['the contract', { contracts: BOTH.slice(1) }, 'sponsorships.call_not_allowed'],
    [
      'the method',
      { contracts: BOTH.map((one) => ({ ...one, methods: ['balanceOf'] })) },
      'sponsorships.call_not_allowed',
    ],
    ['so high a limit of the fee', { feeMax: '0.00000001' }, 'sponsorships.fee_above_policy'],
    [
      'the contract that the user signs for',
      { contracts: BOTH.slice(0, 1) },
      'sponsorships.user_scope_not_allowed',
    ],
  ])(
    'M16: signs nothing without %s, which the policy has lost since',
    async (_what, terms, code) => {
      const sponsoring = await openSponsoring({ contracts: BOTH });
      const scopes = 'CalledByEntry,CustomContracts';
      const made = await prepared(sponsoring, { scopes, allowedContracts: [NeoToken.hash] });
      const path = `PUT /gasbank/sponsorship-policies/${sponsoring.policyId}`;
      const whole = { name: 'game', ...TERMS, contracts: BOTH };
      const tightened = await sponsoring.tenant.call(path, { body: { ...whole, ...terms } });
      expect(tightened.status, tightened.text).toBe(200);
      expect((await sign(sponsoring, made)).body.code).toBe(code);
      const known = await senderOf(sponsoring.sponsors[0] ?? '').get(made.body.id);
      expect(known.ok).toBe(false);
      // As it was: nothing of the refusal stays.
      await sponsoring.tenant.call(path, { body: whole });
      expect((await sign(sponsoring, made)).status).toBe(200);
    },
  );

  it('M22: refuses what was prepared before the policy was suspended or deleted', async () => {
    const sponsoring = await openSponsoring();
    const made = await prepared(sponsoring);
    const another = await prepared(sponsoring);
    await suspend(sponsoring.policyId);
    expect((await sign(sponsoring, made)).body.code).toBe('sponsorships.policy_suspended');
    await sponsoring.tenant.call(`DELETE /gasbank/sponsorship-policies/${sponsoring.policyId}`);
    expect((await sign(sponsoring, another)).body.code).toBe('sponsorships.policy_suspended');
  });
});

describe('404', () => {
  it('knows nothing of another account', async () => {
    const sponsoring = await openSponsoring();
    const made = await prepared(sponsoring);
    const stranger = await openTenant('stranger');
    const refused = await stranger.call(`POST /gasbank/sponsorships/${made.body.id}/signature`, {
      body: signatureOf(sponsoring, made),
    });
    expect(refused.status).toBe(404);
  });
});

describe('409', () => {
  it('M7: refuses after the time to sign, when nothing is held any more', async () => {
    const sponsoring = await openSponsoring();
    const made = await prepared(sponsoring);
    pass(10 * MINUTE_MS);
    const refused = await sign(sponsoring, made);
    expect([refused.status, refused.body.code]).toEqual([409, 'sponsorships.expired']);
  });

  it('refuses after the last block that could hold it, however fast blocks came', async () => {
    const chain = growingChain();
    const sponsoring = await openSponsoring();
    const made = await prepared(sponsoring);
    chain.grow(600);
    expect((await sign(sponsoring, made)).body.code).toBe('sponsorships.expired');
  });

  it('takes no signature for one that a wallet of the account signs', async () => {
    growingChain();
    const sponsoring = await openSponsoring();
    const { walletId, scriptHash } = await openWallet(sponsoring);
    const calls = [transferBy(scriptHash)];
    const made = await prepared(sponsoring, { walletId, signer: undefined, calls });
    const refused = await sign(sponsoring, made);
    expect(refused.body).toMatchObject({ code: 'sponsorships.not_prepared', detail: 'sending' });
  });
});

describe('503', () => {
  it('signs nothing while no node can be reached', async () => {
    const sponsoring = await openSponsoring();
    const made = await prepared(sponsoring);
    const { accountId, key: token } = sponsoring.tenant;
    const path = `/accounts/${accountId}/gasbank/sponsorships/${made.body.id}/signature`;
    const body = signatureOf(sponsoring, made);
    const refused = await callAltered(NODES_DOWN, `POST ${path}`, { token, body });
    expect([refused.status, refused.body.code]).toEqual([503, 'chain.unavailable']);
    expect(await rowOf(made.body.id)).toMatchObject({ status: 'prepared' });
  });
});
