/** What the tests of sponsorships need: funded accounts, sponsors, users who sign, parts that die. */
import { runDurableObjectAlarm } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { p256 } from '@noble/curves/nist.js';
import { expect, vi } from 'vitest';
import { assert } from '../../../worker/core/assert.ts';
import { PLATFORM } from '../../../worker/core/ledger/book.ts';
import { formatGas } from '../../../worker/core/money.ts';
import { encodeAddress, parseAddress } from '../../../worker/core/neo/address.ts';
import { CALL_FLAGS } from '../../../worker/core/neo/call-flags.ts';
import { encodeCalls } from '../../../worker/core/neo/contract-calls.ts';
import { parseHash256 } from '../../../worker/core/neo/hash256.ts';
import { encodeHex } from '../../../worker/core/neo/hex.ts';
import { decodePublicKey } from '../../../worker/core/neo/public-key.ts';
import type { ScriptHash } from '../../../worker/core/neo/script-hash.ts';
import { formatSignatureContext } from '../../../worker/core/neo/transaction/signature-context.ts';
import {
  addSignature,
  addVerification,
  startCollection,
} from '../../../worker/core/neo/transaction/signatures.ts';
import {
  encodeSigningMessage,
  hashTransaction,
  parseBase64Unsigned,
  type UnsignedTransaction,
} from '../../../worker/core/neo/transaction/transaction.ts';
import { accountOf, encodeSignatureScript } from '../../../worker/core/neo/verification-script.ts';
import { connect } from '../../../worker/db/connect.ts';
import { type Env, parseSettings } from '../../../worker/env.ts';
import { createLog } from '../../../worker/http/log.ts';
import { newId } from '../../../worker/http/request-context.ts';
import { sponsorshipTermsExample } from '../../../worker/http/sponsorship-schemas.ts';
import { dataKeyOf } from '../../../worker/services/secrets/index.ts';
import { sweepSponsorships } from '../../../worker/services/sponsorships/index.ts';
import { platformWallets } from '../../../worker/services/vaults/index.ts';
import { openFunded } from '../../support/gas-account.ts';
import { type Called, openTenant, type Tenant } from '../../support/harness.ts';
import { LOST, type Moment, namespaceThatDies } from '../../support/intercepted-platform.ts';
import { NETWORKS, SMALL_CHAIN } from '../../support/small-chain.ts';
import { stopClock } from '../../support/time.ts';

export const GAS = SMALL_CHAIN.gas;
const MAGIC = NETWORKS.up.magic;
export const DATOSHI = 100_000_000n;
const DAY_MS = 86_400_000;
const platform = env as unknown as Env;
const { DB, ACCOUNT_LEDGER, NEO_SENDER } = platform;

/** Pays for transfers of GAS, and for nothing else. */
export const TERMS = {
  ...sponsorshipTermsExample,
  contracts: [{ contract: GAS, methods: ['transfer'] }],
};

export interface User {
  readonly address: string;
  readonly account: ScriptHash;
  readonly publicKey: string;
  /** 128 hexadecimal digits, over the transaction with this hash on this network. */
  readonly sign: (hash: string, magic?: number) => string;
  /** The file a wallet gives back after it has signed these bytes. */
  readonly contextOf: (unsigned: UnsignedTransaction) => object;
}

let serial = 0;

export function createUser(): User {
  serial += 1;
  const secret = new Uint8Array(32).fill(7);
  new DataView(secret.buffer).setUint32(0, serial);
  const publicKey = decodePublicKey(p256.getPublicKey(secret));
  assert(publicKey !== null, 'a public key');
  const account = accountOf(publicKey);
  const sign = (hash: string, magic: number = MAGIC) => {
    const parsed = parseHash256(hash);
    assert(parsed !== null, 'a hash');
    const message = encodeSigningMessage(magic, parsed);
    return p256.sign(message, secret, { lowS: false, prehash: true });
  };
  return {
    address: encodeAddress(account),
    account,
    publicKey,
    sign: (hash, magic) => encodeHex(sign(hash, magic)),
    contextOf: (unsigned) => {
      const signature = sign(hashTransaction(unsigned));
      let collection = startCollection(unsigned, MAGIC);
      for (const add of [
        () => addVerification(collection, encodeSignatureScript(publicKey)),
        () => addSignature(collection, { account, publicKey, signature }),
      ]) {
        const added = add();
        assert(added.ok, 'a signature of the signer');
        collection = added.collection;
      }
      return { ...formatSignatureContext(collection) };
    },
  };
}

export const transferBy = (
  account: ScriptHash,
  { datoshi = 1, result = 'asserted' }: { datoshi?: number; result?: string } = {},
) => ({
  contract: GAS,
  method: 'transfer',
  args: [
    { type: 'Hash160', value: account },
    { type: 'Hash160', value: SMALL_CHAIN.receiver },
    { type: 'Integer', value: String(datoshi) },
    { type: 'Any', value: null },
  ],
  result,
});

/** The same as bytes, for scripts that calls cannot say. */
export function transferScript(from: ScriptHash): Uint8Array {
  const to = parseAddress(SMALL_CHAIN.receiver);
  assert(to !== null, 'an address');
  return encodeCalls([
    {
      contract: GAS,
      method: 'transfer',
      args: [
        { type: 'Hash160', value: from },
        { type: 'Hash160', value: to },
        { type: 'Integer', value: 1n },
        { type: 'Any', value: null },
      ],
      flags: CALL_FLAGS.All,
      result: 'asserted',
    },
  ]);
}

export interface Sponsoring {
  readonly tenant: Tenant;
  readonly gasAccountId: string;
  readonly policyId: string;
  readonly user: User;
  /** Of the platform's wallets. */
  readonly sponsors: readonly string[];
}

/** A wallet of the platform that pays, with its opening balance in the book. */
export async function addSponsor(): Promise<string> {
  const now = Date.now();
  const db = connect(DB);
  const wrappedKey = await dataKeyOf({ env: platform, db, now }, PLATFORM);
  assert(wrappedKey.ok, 'a data key of the platform');
  const walletId = newId('platformWallet', now);
  const made = await platform.BRIDGE.createChainKey({
    accountId: PLATFORM,
    wrappedKey: wrappedKey.value,
    walletId,
    purpose: 'sponsor',
    network: MAGIC,
    exportable: false,
  });
  assert(made.ok, 'a key of the bridge');
  const { facts, sealedKey } = made.value;
  const { publicKey } = facts;
  const scriptHash = accountOf(publicKey);
  await db.insert(platformWallets).values({
    walletId,
    network: NETWORKS.up.id,
    networkMagic: MAGIC,
    purpose: 'sponsor',
    address: encodeAddress(scriptHash),
    scriptHash,
    publicKey,
    // What crosses from the bridge may be a stub of its own request.
    sealedKey: new Uint8Array(sealedKey),
    status: 'active',
    watchedHeight: 1,
    revision: 1,
    createdAt: now,
    updatedAt: now,
  });
  return encodeAddress(scriptHash);
}

/** With so much GAS in its book, as a deposit brings it there. */
const addGasAccount = async (tenant: Tenant, datoshi: bigint): Promise<string> =>
  (await openFunded(tenant, formatGas(datoshi), { name: 'sponsoring' })).body.id;

export const bookOf = ({ accountId }: Pick<Tenant, 'accountId'>) =>
  ACCOUNT_LEDGER.getByName(`${String(MAGIC)}:${accountId}`);

/** Datoshi, by account of the book. */
export async function balancesOf(tenant: Pick<Tenant, 'accountId'>) {
  const page = await bookOf(tenant).balances({ limit: 100 });
  const balances = new Map<string, bigint>(
    page.value.items.map(({ account, balance }) => [account, balance]),
  );
  return {
    available: balances.get('available/sponsoring') ?? 0n,
    reserved: balances.get('reserved/sponsoring') ?? 0n,
    spent: balances.get('spent') ?? 0n,
  };
}

/**
 * An account with 10 GAS, a policy and a sponsor. The clock stands a day ahead, so that no alarm
 * rings by itself while the next test wipes its storage.
 */
export async function openSponsoring(
  terms: object = {},
  datoshi = 10n * DATOSHI,
): Promise<Sponsoring> {
  if (!vi.isFakeTimers()) stopClock(Date.now() + DAY_MS);
  const tenant = await openTenant();
  return sponsoringOf(tenant, terms, datoshi);
}

/** The same of an account that is there. */
export async function sponsoringOf(
  tenant: Tenant,
  terms: object = {},
  datoshi = 10n * DATOSHI,
): Promise<Sponsoring> {
  const sponsors = [await addSponsor()];
  const gasAccountId = await addGasAccount(tenant, datoshi);
  const policyId = await addPolicy(tenant, gasAccountId, terms);
  return { tenant, gasAccountId, policyId, user: createUser(), sponsors };
}

export async function addPolicy(
  tenant: Tenant,
  gasAccountId: string,
  terms: object = {},
): Promise<string> {
  const made = await tenant.call('POST /gasbank/sponsorship-policies', {
    body: { gasAccountId, name: 'game', ...TERMS, ...terms },
  });
  expect(made.status, made.text).toBe(201);
  return made.body.id;
}

/** A key for a page, bound to a policy beside the given one. */
export async function publishableOf({ tenant, gasAccountId }: Sponsoring) {
  const origin = 'https://game.example.com';
  const policyId = await addPolicy(tenant, gasAccountId);
  const made = await tenant.call('POST /keys/publishable', {
    body: { name: 'page', policyId, origins: [origin] },
  });
  expect(made.status, made.text).toBe(201);
  return { token: String(made.body.key), headers: { origin } };
}

export const bodyOf = ({ policyId, user }: Sponsoring, fields: object = {}) => {
  serial += 1;
  return {
    id: `move-${String(serial)}`,
    policyId,
    calls: [transferBy(user.account)],
    signer: user.address,
    ...fields,
  };
};

export const create = (sponsoring: Sponsoring, fields: object = {}): Promise<Called> =>
  sponsoring.tenant.call('POST /gasbank/sponsorships', { body: bodyOf(sponsoring, fields) });

export async function prepared(sponsoring: Sponsoring, fields: object = {}): Promise<Called> {
  const made = await create(sponsoring, fields);
  expect(made.status, made.text).toBe(201);
  return made;
}

export const signatureOf = ({ user }: Pick<Sponsoring, 'user'>, { body }: Called) => ({
  publicKey: user.publicKey,
  signature: user.sign(body.hash),
});

export const sign = (
  sponsoring: Sponsoring,
  made: Called,
  answer: object = signatureOf(sponsoring, made),
): Promise<Called> =>
  sponsoring.tenant.call(`POST /gasbank/sponsorships/${made.body.id}/signature`, { body: answer });

/** Prepared and signed, and with the sender of its sponsor. */
export async function signed(sponsoring: Sponsoring, fields: object = {}): Promise<Called> {
  const made = await prepared(sponsoring, fields);
  const answered = await sign(sponsoring, made);
  expect([answered.status, answered.body.status], answered.text).toEqual([200, 'sending']);
  return answered;
}

/** One that a wallet of the account signs at once. */
export async function openWallet({ tenant }: Sponsoring, perDay = '1000000000') {
  const policy = {
    contracts: [],
    tokens: [{ token: GAS, perDay }],
    scopes: ['CalledByEntry'],
    customContracts: [],
    systemFeeMax: '50000000',
    networkFeeMax: '50000000',
    approvals: null,
  };
  const made = await tenant.call('POST /wallets', { body: { network: NETWORKS.up.id, policy } });
  expect(made.status, made.text).toBe(201);
  const { id: walletId, scriptHash, address } = made.body;
  return { walletId, scriptHash, address };
}

export const read = async ({ tenant }: Sponsoring, id: string) =>
  (await tenant.call(`GET /gasbank/sponsorships/${id}`)).body;

export function transactionOf({ body }: Called): UnsignedTransaction {
  const decoded = parseBase64Unsigned(body.transaction);
  assert(decoded.ok, 'a transaction');
  return decoded.value;
}

export const rowOf = (sponsorshipId: string) =>
  DB.prepare('SELECT * FROM sponsorships WHERE sponsorship_id = ?').bind(sponsorshipId).first();

export const senderOf = (address: string) => NEO_SENDER.getByName(`${String(MAGIC)}:${address}`);

export const pass = (ms: number): void => {
  vi.setSystemTime(Date.now() + ms);
};

/** Rings the alarm of the sponsor's sender until the condition holds. */
export const until = <Value>(sponsor: string, condition: () => Promise<Value>): Promise<Value> =>
  vi.waitFor(
    async () => {
      pass(300);
      await runDurableObjectAlarm(senderOf(sponsor));
      return condition();
    },
    { timeout: 20_000, interval: 5 },
  );

/** The part of the cron sweep that is about sponsorships, at the time of the test's clock. */
export async function sweep(alterations: Partial<Env> = {}): Promise<void> {
  const settings = parseSettings(env);
  if (!settings.ok) throw new Error('settings of the tests');
  await sweepSponsorships({
    env: { ...platform, ...alterations },
    db: connect(DB),
    now: Date.now(),
    settings: settings.value,
    log: createLog('silent'),
  });
}

/** Books where one kind of command dies. */
export const booksThatDie = (kind: string, when: Moment) =>
  namespaceThatDies(
    ACCOUNT_LEDGER,
    (method, [order]) =>
      method === 'execute' && (order as { command: { kind: string } }).command.kind === kind,
    when,
  );

export const sendersThatDie = (name: string, when: Moment) =>
  namespaceThatDies(NEO_SENDER, (method) => method === name, when);

/** A bridge that dies at the signature with this number, counted from 1. */
export function bridgeThatDies(signature: number, when: Moment): Env['BRIDGE'] {
  let asked = 0;
  const bridge = platform.BRIDGE;
  return new Proxy(bridge, {
    get: (target, name) => {
      const call = Reflect.get(target, name) as (...args: readonly unknown[]) => unknown;
      return async (...args: readonly unknown[]) => {
        if (name === 'signTransaction') asked += 1;
        if (name !== 'signTransaction' || asked !== signature) return call.apply(target, [...args]);
        if (when === 'after') await call.apply(target, [...args]);
        throw new Error(LOST);
      };
    },
  });
}

export const suspend = (policyId: string) =>
  DB.prepare("UPDATE sponsorship_policies SET status = 'suspended' WHERE policy_id = ?")
    .bind(policyId)
    .run();

export const closeGasAccount = (gasAccountId: string) =>
  DB.prepare("UPDATE gas_accounts SET status = 'closed' WHERE gas_account_id = ?")
    .bind(gasAccountId)
    .run();

export const retireSponsors = () =>
  DB.prepare("UPDATE platform_wallets SET status = 'retired'").run();

/** The same network by nodes of which none answers, and which no other test asks. */
export const NODES_DOWN = {
  NEO_NETWORKS: JSON.stringify([{ ...NETWORKS.up, rpc: ['http://nowhere.test'] }]),
} as unknown as Partial<Env>;
