/**
 * Roots on their way to the chain (M12): one transaction for each proven checkpoint, whatever dies or
 * is repeated on the way, and no checkpoint that waits for one.
 */
import { env } from 'cloudflare:workers';
import { base64 } from '@scure/base';
import { sql } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import type { Send, SenderEvent } from '../../../durable-objects/neo-sender/rpc.ts';
import { decodeCalls } from '../../../worker/core/neo/contract-calls.ts';
import { NO_SCOPES } from '../../../worker/core/neo/transaction/witness-scope.ts';
import { decodeAnchorScript } from '../../../worker/core/proofs/anchor.ts';
import type { Env } from '../../../worker/env.ts';
import { createLog } from '../../../worker/http/log.ts';
import { sweepProofs } from '../../../worker/services/proofs/advance.ts';
import { recordSenderEvent } from '../../../worker/services/proofs/index.ts';
import { LIMITS } from '../../../worker/services/proofs/limits.ts';
import { forgetDataKeys } from '../../../worker/services/secrets/data-keys.ts';
import { type GrowingChain, growingChain } from '../../support/growing-chain.ts';
import { call } from '../../support/harness.ts';
import { until } from '../withdrawals/withdrawals-under-test.ts';
import {
  type Bank,
  bookThrough,
  checkpoints,
  db,
  deposit,
  GAS,
  MAGIC,
  NETWORK,
  openBank,
  openCustomer,
  pass,
  proofAt,
  proveAt,
  sweepOnce,
} from './proofs-under-test.ts';

const MINUTE_MS = 60_000;
const RETRY_MS = LIMITS.anchorRetryMinutes.value * MINUTE_MS;
const bindings = env as unknown as Env;

interface Anchoring {
  readonly bank: Bank;
  readonly chain: GrowingChain;
  readonly walletId: string;
  readonly account: string;
  /** Name of the object. */
  readonly sender: string;
}

/** A bank with an anchor wallet that is booked, and a chain that takes transactions. */
async function openAnchoring({ balance = 10n * GAS } = {}): Promise<Anchoring> {
  const opened = await openBank();
  const { accountId } = await openCustomer();
  await deposit(opened, accountId, { amount: 3n * GAS, height: 11 });
  const chain = growingChain();
  const small = chain.node.scripts.get('invokescript');
  chain.node.scripts.set('invokescript', (request) => {
    const script = String(request.params[0]);
    const stack = readingOf(base64.decode(script), balance);
    if (stack === null) return small?.(request) ?? {};
    const run = { script, state: 'HALT', gasconsumed: '300', exception: null };
    return { result: { ...run, stack, notifications: [] } };
  });
  // Of the test before, whose storage is wiped; the platform is one in all of them.
  forgetDataKeys();
  const body = { network: NETWORK, purpose: 'anchor' };
  const made = await call('POST /operator/gasbank/wallets', { body });
  expect(made.status, made.text).toBe(201);
  const { id: walletId, scriptHash: account, address } = made.body;
  await setWallet(walletId, sql`watched_height = 10`);
  // Of the one node that the senders ask.
  const [one] = opened.settings.NEO_NETWORKS;
  const networks = one === undefined ? [] : [{ ...one, quorum: 1 }];
  const bank = { ...opened, settings: { ...opened.settings, NEO_NETWORKS: networks } };
  return { bank, chain, walletId, account, sender: `${String(MAGIC)}:${String(address)}` };
}

/** What an anchor leaves on the stack, or a question for balances; null for any other script. */
function readingOf(script: Uint8Array, balance: bigint): readonly object[] | null {
  if (decodeAnchorScript(script) !== null) return [];
  const calls = decodeCalls(script);
  if (!calls.ok || !calls.value.every(({ method }) => method === 'balanceOf')) return null;
  return calls.value.map(() => ({ type: 'Integer', value: String(balance) }));
}

const setWallet = (walletId: string, set: ReturnType<typeof sql>) =>
  db().run(sql`UPDATE platform_wallets SET ${set} WHERE wallet_id = ${walletId}`);

const anchorAt = async (height: number) => (await proofAt(height)).body.anchor;

/** The one transaction that waits in the pool. */
const waiting = (anchoring: Anchoring): Promise<string> =>
  until(anchoring, () => {
    const [hash, ...more] = anchoring.chain.pool.keys();
    if (hash === undefined || more.length > 0) throw new Error('not one transaction waits');
    return hash;
  });

const untilAnchor = (anchoring: Anchoring, height: number, expected: object) =>
  until(anchoring, async () => expect(await anchorAt(height)).toMatchObject(expected));

/** It waits for GAS, and then has waited too long. */
async function untilPoor(anchoring: Anchoring, attempt: number): Promise<void> {
  const id = `anchor:${String(MAGIC)}:20:${String(attempt)}`;
  await until(anchoring, async () => {
    const found = (await intents(anchoring)).find((one) => one.id === id);
    expect(found).toMatchObject({ reason: 'insufficient_gas' });
  });
  pass(11 * MINUTE_MS);
}

const intents = async ({ sender }: Anchoring) =>
  (await bindings.NEO_SENDER.getByName(sender).list({ limit: 100 })).value.items;

/** A sweep that cannot call one method of senders: it dies before that did anything, or after. */
function sweepThatDies(bank: Bank, when: 'before' | 'after'): Promise<void> {
  const { NEO_SENDER } = bindings;
  const stubOf = (name: string) => {
    const stub = NEO_SENDER.getByName(name);
    const send = async (command: Send): Promise<never> => {
      if (when === 'after') await stub.send(command);
      throw new Error('the connection was lost');
    };
    return new Proxy(stub, {
      get: (inner, member) => (member === 'send' ? send : (Reflect.get(inner, member) as unknown)),
    });
  };
  const dying = new Proxy(NEO_SENDER, {
    get: (target, name) => (name === 'getByName' ? stubOf : (Reflect.get(target, name) as unknown)),
  });
  return sweepProofs(depsOf(bank, { ...bindings, NEO_SENDER: dying }));
}

const depsOf = ({ settings }: Bank, altered: Env = bindings) => ({
  env: altered,
  db: db(),
  settings,
  log: createLog('silent'),
  now: Date.now(),
});

describe('M12: the root of a proven checkpoint', () => {
  it('is written on the chain by one transaction, which is told with its block', async () => {
    const anchoring = await openAnchoring();
    expect(await proveAt(anchoring.bank, 20)).toMatchObject({ status: 'proven' });
    expect(await anchorAt(20)).toMatchObject({ status: 'sent', transactionHash: null });
    const hash = await waiting(anchoring);
    const { statement } = (await proofAt(20)).body;
    const sent = anchoring.chain.pool.get(hash);
    expect(sent?.signers).toEqual([{ account: anchoring.account, scopes: NO_SCOPES }]);
    expect(decodeAnchorScript(sent?.script ?? new Uint8Array())).toEqual({
      magic: MAGIC,
      height: 20,
      root: statement.tree.root,
      sum: 3n * GAS,
    });
    anchoring.chain.include(hash);
    const blockIndex = anchoring.chain.node.height;
    const anchored = { status: 'anchored', reason: null, transactionHash: hash, blockIndex };
    await untilAnchor(anchoring, 20, anchored);
    pass(60 * MINUTE_MS);
    await sweepOnce(anchoring.bank);
    expect([...anchoring.chain.sent]).toEqual([hash]);
  });

  it('has a transaction of its own for each checkpoint', async () => {
    const anchoring = await openAnchoring();
    for (const height of [20, 30]) {
      await proveAt(anchoring.bank, height);
      anchoring.chain.include(await waiting(anchoring));
      await untilAnchor(anchoring, height, { status: 'anchored' });
    }
    expect(await intents(anchoring)).toHaveLength(2);
  });

  it('is written nowhere without a wallet, or with one that is not booked or retired', async () => {
    const { bank, walletId } = await openAnchoring();
    await setWallet(walletId, sql`watched_height = NULL`);
    expect(await proveAt(bank, 20)).toMatchObject({ status: 'proven' });
    expect(await anchorAt(20)).toBeNull();
    await setWallet(walletId, sql`watched_height = 10, status = 'retired'`);
    await proveAt(bank, 30);
    expect(await anchorAt(30)).toBeNull();
    await setWallet(walletId, sql`status = 'active', purpose = 'sponsor'`);
    await proveAt(bank, 40);
    expect(await anchorAt(40)).toBeNull();
  });

  it('is written nowhere while it may still be stated otherwise', async () => {
    const { bank } = await openAnchoring();
    for (const node of bank.nodes)
      node.scripts.set('invokescripthistoric', () => ({
        error: { code: -32_601, message: 'Method not found' },
      }));
    expect(await proveAt(bank, 20)).toMatchObject({ status: 'unprovable' });
    expect(await anchorAt(20)).toBeNull();
  });
});

describe('M12: an anchor is handed over once', () => {
  it.each(['before', 'after'] as const)('when the handing over dies %s it', async (when) => {
    const anchoring = await openAnchoring();
    await bookThrough(20);
    pass(60 * MINUTE_MS);
    for (let sweep = 0; sweep < 5; sweep += 1) {
      await sweepThatDies(anchoring.bank, when);
      pass(2 * MINUTE_MS);
    }
    // It waits for nothing.
    expect(await checkpoints()).toMatchObject([{ status: 'proven' }]);
    await sweepOnce(anchoring.bank);
    anchoring.chain.include(await waiting(anchoring));
    await untilAnchor(anchoring, 20, { status: 'anchored' });
    expect(await intents(anchoring)).toHaveLength(1);
    expect(anchoring.chain.sent.size).toBe(1);
  });

  it('when sweeps run beside each other', async () => {
    const anchoring = await openAnchoring();
    await bookThrough(20);
    pass(60 * MINUTE_MS);
    for (let sweep = 0; sweep < 4; sweep += 1) {
      const all = [1, 2, 3].map(() => sweepOnce(anchoring.bank));
      await Promise.all(all);
      pass(MINUTE_MS);
    }
    expect(await intents(anchoring)).toHaveLength(1);
  });

  it('when its event is repeated, late, or of another sender', async () => {
    const anchoring = await openAnchoring();
    await proveAt(anchoring.bank, 20);
    const tell = (type: SenderEvent['type'], changes: { attempt?: number; sender?: string } = {}) =>
      recordSenderEvent(depsOf(anchoring.bank), {
        sequence: 1,
        id: 'event-1',
        type,
        subject: `anchor:${String(MAGIC)}:20:${String(changes.attempt ?? 1)}`,
        time: Date.now(),
        dataJson: JSON.stringify({ magic: MAGIC, sender: changes.sender ?? anchoring.account }),
      });
    // Nothing of it is so: the sender is asked, and it has not even sent it.
    await tell('transaction.expired');
    await tell('transaction.confirmed');
    await tell('transaction.confirmed', { attempt: 2 });
    await tell('transaction.confirmed', { sender: `0x${'c3'.repeat(20)}` });
    expect(await anchorAt(20)).toMatchObject({ status: 'sent', reason: null });
    const hash = await waiting(anchoring);
    anchoring.chain.include(hash);
    await untilAnchor(anchoring, 20, { status: 'anchored' });
    await tell('transaction.expired');
    await tell('transaction.live');
    expect(await anchorAt(20)).toMatchObject({ status: 'anchored', transactionHash: hash });
    expect(await intents(anchoring)).toHaveLength(1);
  });
});

describe('an anchor that does not come to the chain', () => {
  it('is told as faulted with its transaction, and burns no second fee', async () => {
    const anchoring = await openAnchoring();
    await proveAt(anchoring.bank, 20);
    const hash = await waiting(anchoring);
    anchoring.chain.include(hash, 'FAULT');
    const faulted = { status: 'failed', reason: 'faulted', transactionHash: hash };
    await untilAnchor(anchoring, 20, faulted);
    pass(60 * MINUTE_MS);
    await sweepOnce(anchoring.bank);
    expect(await anchorAt(20)).toMatchObject(faulted);
    expect(await intents(anchoring)).toHaveLength(1);
  });

  it('is sent again when it has expired, and never beside the one before', async () => {
    const anchoring = await openAnchoring();
    await proveAt(anchoring.bank, 20);
    const first = await waiting(anchoring);
    anchoring.chain.pool.clear();
    anchoring.chain.takes = false;
    anchoring.chain.grow(LIMITS.anchorWindowBlocks.value + 10);
    await untilAnchor(anchoring, 20, { status: 'pending', reason: 'expired' });
    anchoring.chain.takes = true;
    pass(RETRY_MS);
    await sweepOnce(anchoring.bank);
    const second = await waiting(anchoring);
    expect(second).not.toBe(first);
    anchoring.chain.include(second);
    await untilAnchor(anchoring, 20, { status: 'anchored', transactionHash: second });
  });

  it('is told to lack GAS, tried again and given up, while checkpoints go on', async () => {
    const anchoring = await openAnchoring({ balance: 0n });
    expect(await proveAt(anchoring.bank, 20)).toMatchObject({ status: 'proven' });
    await untilPoor(anchoring, 1);
    const poor = { reason: 'insufficient_gas', transactionHash: null };
    await untilAnchor(anchoring, 20, { ...poor, status: 'pending' });
    const last = LIMITS.anchorAttemptsMax.value;
    await db().run(sql`UPDATE gasbank_anchors SET attempt = ${last - 1}`);
    expect(await proveAt(anchoring.bank, 30)).toMatchObject({ status: 'proven' });
    await untilPoor(anchoring, last);
    await untilAnchor(anchoring, 20, { ...poor, status: 'failed' });
    expect(anchoring.chain.sent.size).toBe(0);
  });

  it('is given up when its wallet is retired meanwhile', async () => {
    const anchoring = await openAnchoring();
    await proveAt(anchoring.bank, 20);
    await waiting(anchoring);
    anchoring.chain.pool.clear();
    anchoring.chain.takes = false;
    anchoring.chain.grow(LIMITS.anchorWindowBlocks.value + 10);
    await untilAnchor(anchoring, 20, { status: 'pending' });
    await setWallet(anchoring.walletId, sql`status = 'retired'`);
    pass(RETRY_MS);
    await sweepOnce(anchoring.bank);
    expect(await anchorAt(20)).toMatchObject({ status: 'failed', reason: 'no_wallet' });
  });
});
