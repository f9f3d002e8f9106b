/** `POST /accounts/{accountId}/transactions/{transactionId}/signatures`: M19, members sign themselves. */
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { callAltered } from '../../support/altered-platform.ts';
import { growingChain } from '../../support/growing-chain.ts';
import { openTenant } from '../../support/harness.ts';
import { racingDatabase } from '../../support/racing-database.ts';
import { NETWORKS } from '../../support/small-chain.ts';
import { createMember, openProposed, type Proposed, signedContext } from './multisig-under-test.ts';
import {
  created,
  openFunded,
  pass,
  read,
  rowOf,
  senderOf,
  sendersThatDie,
  sweep,
  until,
} from './transactions-under-test.ts';

const refusal = ({ body }: { readonly body: { code?: string; detail?: string } }) => [
  body.code,
  body.detail,
];

async function sentOf(chain: ReturnType<typeof growingChain>, proposed: Proposed) {
  return until(proposed, async () => {
    const [sent] = chain.pool.keys();
    if (sent === undefined) throw new Error('nothing was sent');
    return sent;
  });
}

describe('200', () => {
  it('M19: sends with the last signature that is needed, and tells the end of the chain', async () => {
    const chain = growingChain();
    const proposed = await openProposed();
    const first = await proposed.sign(2);
    expect([first.status, first.body.status]).toEqual([200, 'proposed']);
    expect(chain.sent.size).toBe(0);
    const second = await proposed.sign(0);
    expect([second.status, second.body.status]).toEqual([200, 'sending']);
    expect(await sentOf(chain, proposed)).toBe(proposed.hash);
    const [witness] = chain.pool.get(proposed.hash)?.witnesses ?? [];
    expect(witness?.invocation.length).toBe(2 * 66);
    chain.include(proposed.hash);
    await until(proposed, async () =>
      expect(await rowOf(proposed.id)).toMatchObject({ status: 'confirmed' }),
    );
    expect(await read(proposed, proposed.id)).toMatchObject({
      status: 'confirmed',
      hash: proposed.hash,
      vmState: 'HALT',
      attempts: [{ state: 'included' }],
    });
  });

  it('tells a fault as one, by what the chain says', async () => {
    const chain = growingChain();
    const proposed = await openProposed();
    await proposed.sign(0);
    await proposed.sign(1);
    await sentOf(chain, proposed);
    chain.include(proposed.hash, 'FAULT');
    await until(proposed, async () =>
      expect(await rowOf(proposed.id)).toMatchObject({ status: 'faulted', vm_state: 'FAULT' }),
    );
  });

  it('ends with its last block when no block took it', async () => {
    const chain = growingChain();
    const proposed = await openProposed({ validForBlocks: 4 });
    await proposed.sign(0);
    await proposed.sign(1);
    await sentOf(chain, proposed);
    // It fell out of the pool, and no node takes it any more.
    chain.pool.clear();
    chain.takes = false;
    chain.grow(6);
    await until(proposed, async () =>
      expect(await rowOf(proposed.id)).toMatchObject({ status: 'expired' }),
    );
  });

  it('takes the file that a wallet signed, and another with both signatures', async () => {
    const proposed = await openProposed();
    const { members, hash, post, signing } = proposed;
    const [one, two] = members;
    if (!one || !two) throw new Error('members');
    const context = signedContext((await signing()).context, one, hash);
    const first = await post({ context });
    expect(first.status, first.text).toBe(200);
    expect(first.body.signatures).toMatchObject([{ publicKey: one.publicKey }]);
    // What was known is passed over, what is fresh counts.
    const both = await post({ context: signedContext(context, two, hash) });
    expect(both.body).toMatchObject({ status: 'sending' });
    expect(both.body.signatures).toHaveLength(2);
  });

  it('M19: counts a member once, however often it signs', async () => {
    const { sign, post, members, hash } = await openProposed();
    const [one] = members;
    await sign(0);
    await sign(0);
    // Another signature of the same key over the same bytes is no other member.
    const again = await post({ publicKey: one?.publicKey, signature: one?.sign(hash) });
    expect([again.status, again.body.status]).toEqual([200, 'proposed']);
    expect(again.body.signatures).toHaveLength(1);
  });

  it('of two that sign at once, both count and one sends', async () => {
    const proposed = await openProposed();
    const answers = await Promise.all([proposed.sign(0), proposed.sign(1)]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(new Set(answers.map(({ body }) => body.status))).toEqual(
      new Set(['proposed', 'sending']),
    );
    expect((await proposed.signing()).signatures).toHaveLength(2);
  });

  it('M4: is handed over by the sweep when the request died before, with the same bytes', async () => {
    const proposed = await openProposed();
    await proposed.sign(0);
    const { tenant, members, id, hash } = proposed;
    const dying = sendersThatDie('adopt', 'before');
    const last = await callAltered(
      { NEO_SENDER: dying.namespace },
      `POST /accounts/${tenant.accountId}/transactions/${id}/signatures`,
      {
        token: tenant.key,
        body: { publicKey: members[1]?.publicKey, signature: members[1]?.sign(hash) },
      },
    );
    expect([last.status, last.body.status, dying.asked.count]).toEqual([200, 'sending', 1]);
    expect((await senderOf(proposed).get(id)).ok).toBe(false);
    pass(2 * 60_000);
    await Promise.all([sweep(), sweep()]);
    expect(await senderOf(proposed).get(id)).toMatchObject({
      ok: true,
      value: { state: 'live', attempts: [{ transaction: { hash } }] },
    });
  });

  it('neither replaces nor cancels what members signed', async () => {
    const proposed = await openProposed();
    await proposed.sign(0);
    await proposed.sign(1);
    for (const [act, body] of [
      ['cancel', {}],
      ['replace', { networkFeeMax: '50000000' }],
    ] as const) {
      const refused = await proposed.tenant.call(`POST /transactions/${proposed.id}/${act}`, {
        body,
      });
      expect(refused.body.code).toBe('sender.not_replaceable');
    }
  });
});

describe('400', () => {
  it.each([
    ['nothing at all', {}, '/publicKey'],
    ['a key alone', { publicKey: createMember().publicKey }, '/signature'],
    [
      'a signature of 63 bytes',
      { publicKey: createMember().publicKey, signature: 'a'.repeat(126) },
      '/signature',
    ],
    ['a file beside a signature', { context: {}, publicKey: createMember().publicKey }, '/context'],
    ['a file of something else', { context: { type: 'Block' } }, '/context/type'],
  ])('refuses %s', async (_, body, pointer) => {
    const { post } = await openProposed();
    const refused = await post(body);
    expect([refused.status, refused.body.code]).toEqual([400, 'request.malformed']);
    expect(refused.body.fields[0].pointer).toBe(pointer);
  });

  it('M1: refuses a file of another network', async () => {
    const { post, signing, members, hash } = await openProposed();
    const [one] = members;
    if (!one) throw new Error('a member');
    const context = { ...signedContext((await signing()).context, one, hash), network: 1 };
    expect((await post({ context })).body.fields[0].pointer).toBe('/context/network');
  });
});

describe('404', () => {
  it('takes no signature for a transaction of another account', async () => {
    const { id, members, hash } = await openProposed();
    const other = await openTenant();
    const [one] = members;
    const refused = await other.call(`POST /transactions/${id}/signatures`, {
      body: { publicKey: one?.publicKey, signature: one?.sign(hash) },
    });
    expect([refused.status, refused.body.code]).toEqual([404, 'request.not_found']);
  });
});

describe('409', () => {
  it('takes no signature for a transaction from a wallet', async () => {
    const funded = await openFunded();
    const { id } = (await created(funded)).body;
    const member = createMember();
    const refused = await funded.tenant.call(`POST /transactions/${id}/signatures`, {
      body: { publicKey: member.publicKey, signature: member.sign(`0x${'0'.repeat(64)}`) },
    });
    expect([refused.status, refused.body.code]).toEqual([409, 'transactions.not_multisig']);
  });

  it('takes none once it is complete', async () => {
    const { sign } = await openProposed();
    await sign(0);
    await sign(1);
    expect(refusal(await sign(2))).toEqual(['transactions.not_proposed', 'sending']);
  });
});

describe('412', () => {
  it('gives up when others were faster each time, and nothing is half done', async () => {
    const proposed = await openProposed();
    const { tenant, members, id, hash } = proposed;
    const [one] = members;
    const database = racingDatabase('each', () =>
      env.DB.prepare('UPDATE transactions SET revision = revision + 1').run(),
    );
    const refused = await callAltered(
      { DB: database },
      `POST /accounts/${tenant.accountId}/transactions/${id}/signatures`,
      { token: tenant.key, body: { publicKey: one?.publicKey, signature: one?.sign(hash) } },
    );
    expect([refused.status, refused.body.code]).toEqual([412, 'request.precondition_failed']);
    expect((await proposed.signing()).signatures).toEqual([]);
  });
});

describe('422', () => {
  const signed = async (change: (proposed: Proposed) => object) => {
    const proposed = await openProposed();
    return refusal(await proposed.post(change(proposed)));
  };
  const REFUSED = 'transactions.signature_refused';

  it('refuses a key that is no member', async () => {
    const stranger = createMember();
    const body = ({ hash }: Proposed) => ({
      publicKey: stranger.publicKey,
      signature: stranger.sign(hash),
    });
    expect(await signed(body)).toEqual([REFUSED, 'key_foreign']);
  });

  it('refuses the signature of one member under the key of another', async () => {
    const body = ({ members, hash }: Proposed) => ({
      publicKey: members[0]?.publicKey,
      signature: members[1]?.sign(hash),
    });
    expect(await signed(body)).toEqual([REFUSED, 'signature_invalid']);
  });

  it('M1: refuses a signature for another network', async () => {
    const body = ({ members, hash }: Proposed) => ({
      publicKey: members[0]?.publicKey,
      signature: members[0]?.sign(hash, NETWORKS.down.magic),
    });
    expect(await signed(body)).toEqual([REFUSED, 'signature_invalid']);
  });

  it('refuses the signature of another transaction of the same account', async () => {
    const body = ({ members }: Proposed) => ({
      publicKey: members[0]?.publicKey,
      signature: members[0]?.sign(`0x${'1'.repeat(64)}`),
    });
    expect(await signed(body)).toEqual([REFUSED, 'signature_invalid']);
  });

  it('refuses a file of another transaction, and one that nobody signed', async () => {
    const proposed = await openProposed();
    const other = await openProposed();
    const { context } = await other.signing();
    const [one] = other.members;
    if (!one) throw new Error('a member');
    const foreign = await proposed.post({ context: signedContext(context, one, other.hash) });
    expect(refusal(foreign)).toEqual([REFUSED, 'another transaction']);
    const own = await proposed.post({ context: (await proposed.signing()).context });
    expect(refusal(own)).toEqual([REFUSED, 'it holds no signature']);
  });
});
