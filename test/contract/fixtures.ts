/**
 * Live input for any operation of the contract: the example of the operation with its path
 * parameters replaced by ids of resources that exist. A parameter or list this file does not know
 * fails the suites and names what to add here, so a service cannot be added without being walked.
 */
import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { expect, vi } from 'vitest';
import { toTimestamp } from '../../worker/core/clock.ts';
import { connect } from '../../worker/db/connect.ts';
import type { Env } from '../../worker/env.ts';
import { moneyPolicyExample } from '../../worker/http/money-policy-schema.ts';
import { isUnsafe, type Operation } from '../../worker/http/operation.ts';
import { drainOutbox } from '../../worker/http/outbox.ts';
import { newId } from '../../worker/http/request-context.ts';
import * as transactions from '../../worker/services/transactions/send-operations.ts';
import { queuedOnly } from '../services/executions/runs-under-test.ts';
import { openProposed, type Proposed } from '../services/transactions/multisig-under-test.ts';
import {
  type Called,
  type CallOptions,
  call,
  openTenant,
  type Tenant,
} from '../support/harness.ts';
import { createNeoWallet, NETWORK, type NeoWallet } from '../support/neo-wallet.ts';
import { createSigningPair, type RequestSigner } from '../support/request-signer.ts';
import { addVerified, askToSignIn, signedIn } from '../support/signed-in.ts';
import { NETWORKS, SMALL_CHAIN } from '../support/small-chain.ts';
import { contractAt, WORKSHOP_MANIFEST, WORKSHOP_NEF } from '../support/small-contracts.ts';

/** A request that the operation accepts. */
export interface Valid {
  readonly operation: Operation;
  readonly path: string;
  readonly body: unknown;
  /** Set where neither an API key nor an operator is let in. */
  readonly token?: string;
  /** Set where the request must be signed. */
  readonly signer?: RequestSigner;
}

type Resources = Readonly<Record<string, string>>;
/**
 * Makes the resource a parameter names and gives its id; ids made before, in path order, are at
 * hand.
 */
type Maker = (tenant: Tenant, made: Resources) => Promise<string>;

let serial = 0;
const unique = (): number => {
  serial += 1;
  return serial;
};

async function make(tenant: Tenant, request: string, body: unknown): Promise<Called> {
  const made = await tenant.call(request, { body });
  expect(made.status, `${request} makes a fixture: ${made.text.slice(0, 300)}`).toBeLessThan(300);
  return made;
}

/** A wallet of an address nobody has; EVM text of one case carries no checksum. */
export async function makeWallet(tenant: Tenant): Promise<string> {
  const address = `0x${unique().toString(16).padStart(40, '0')}`;
  return (await make(tenant, 'POST /workspace-wallets', { kind: 'evm', address })).body.id;
}

/** What a signed challenge does, in one statement. */
export async function verifyWallet(walletId: string): Promise<void> {
  await env.DB.prepare(`UPDATE workspace_wallets SET status = 'verified' WHERE wallet_id = ?`)
    .bind(walletId)
    .run();
}

const makeKey: Maker = async (tenant) =>
  (await make(tenant, 'POST /keys', { name: `key ${unique()}`, role: 'viewer' })).body.id;

const makeSecret: Maker = async (tenant) => {
  const name = `secret${unique()}`;
  await make(tenant, 'POST /secrets', { name, value: 'correct horse battery staple' });
  return name;
};

const DOUBLE = '(params) => ({ doubled: params.value * 2 })';

const makeFunction: Maker = async (tenant) =>
  (await make(tenant, 'POST /functions', { name: `function-${unique()}`, source: DOUBLE })).body.id;

/** A second, active version, so that there is one to roll back to. */
const addVersion = (tenant: Tenant, functionId: string): Promise<Called> =>
  tenant.call(`PATCH /functions/${functionId}`, {
    body: { source: `(params) => ${unique()}`, deploy: true },
  });

const MAKERS: Readonly<Record<string, Maker>> = {
  accountId: async (tenant) => tenant.accountId,
  keyId: makeKey,
  walletId: makeWallet,
  sessionId: async (tenant) => {
    const wallet = createNeoWallet();
    await addVerified(tenant, wallet);
    return (await signedIn(wallet)).sessionId;
  },
  name: makeSecret,
  functionId: async (tenant, made) => {
    const functionId = await makeFunction(tenant, made);
    await addVersion(tenant, functionId);
    return functionId;
  },
  versionId: async (tenant, { functionId }) =>
    (await tenant.call(`GET /functions/${functionId}`)).body.latestVersion.id,
  executionId: async (tenant, made) => {
    const functionId = await makeFunction(tenant, made);
    const body = { params: { value: 21 } };
    return (await make(tenant, `POST /functions/${functionId}/executions`, body)).body.id;
  },
  transactionId: (tenant, made) => makeTransaction(tenant, made),
  network: async () => NETWORKS.up.id,
  block: async () => String(SMALL_CHAIN.height),
  hash: async () => SMALL_CHAIN.transfer,
  address: async () => SMALL_CHAIN.receiver,
  contractId: async (tenant) =>
    (await make(tenant, 'POST /contracts', registration(unique()))).body.id,
};

/** Wallets of this file whose keys it has. */
const ownWallets = new Map<string, NeoWallet>();

function walletOf(walletId: string): NeoWallet {
  const wallet = ownWallets.get(walletId);
  if (!wallet) throw new Error('a wallet without a key of ours');
  return wallet;
}

async function makeOwnWallet(tenant: Tenant): Promise<string> {
  const wallet = createNeoWallet();
  const body = { kind: 'neo', address: wallet.address };
  const { id } = (await make(tenant, 'POST /workspace-wallets', body)).body;
  ownWallets.set(id, wallet);
  return id;
}

async function refreshBodyOf(tenant: Tenant): Promise<unknown> {
  const wallet = createNeoWallet();
  await addVerified(tenant, wallet);
  return { refreshToken: (await signedIn(wallet)).refreshToken };
}

const policies = new Map<string, string>();

/** One policy an account, since a second one would need approvals. */
async function makePolicy(tenant: Tenant): Promise<{ readonly walletId: string }> {
  const known = policies.get(tenant.accountId);
  if (known !== undefined) return { walletId: known };
  const walletId = await makeOwnWallet(tenant);
  await verifyWallet(walletId);
  await make(tenant, 'PUT /wallet-policy', { threshold: 1, members: [walletId] });
  policies.set(tenant.accountId, walletId);
  return { walletId };
}

/** Of another act each time. */
async function answerToApprove(tenant: Tenant): Promise<unknown> {
  const { walletId } = await makePolicy(tenant);
  const asked = await make(tenant, 'POST /wallet-policy/approval-challenges', {
    walletId,
    operation: 'workspaceWallets.deleteWallet',
    removedWalletId: newId('workspaceWallet', Date.now()),
  });
  return walletOf(walletId).answer(asked.body);
}

/** A wallet on the small chain, for which the parameter of workspace wallets has the same name. */
const makeChainWallet: Maker = async (tenant) =>
  (await make(tenant, 'POST /wallets', { network: NETWORKS.up.id })).body.id;

const approvers = new Map<string, readonly string[]>();

/** Two wallets an account that can approve transactions. */
async function approversOf(tenant: Tenant): Promise<readonly string[]> {
  const known = approvers.get(tenant.accountId);
  if (known !== undefined) return known;
  const walletIds = [await makeOwnWallet(tenant), await makeOwnWallet(tenant)];
  for (const walletId of walletIds) await verifyWallet(walletId);
  approvers.set(tenant.accountId, walletIds);
  return walletIds;
}

/** A wallet whose transactions need both, so that none is sent by itself. */
async function senderOf(tenant: Tenant): Promise<{ readonly walletId: string }> {
  await approversOf(tenant);
  const policy = { ...moneyPolicyExample, tokens: [], approvals: 2 };
  const body = { network: NETWORKS.up.id, policy };
  return { walletId: (await make(tenant, 'POST /wallets', body)).body.id };
}

async function transactionBodyOf(tenant: Tenant): Promise<object> {
  const { calls } = transactions.createTransaction.example.body;
  return { ...(await senderOf(tenant)), requestId: `request-${unique()}`, calls };
}

const makeTransaction: Maker = async (tenant) =>
  (await make(tenant, 'POST /transactions', await transactionBodyOf(tenant))).body.id;

/** The signed text of one approver. */
async function approvalOf(tenant: Tenant, transactionId: string, approver: number) {
  const walletId = (await approversOf(tenant))[approver] ?? '';
  const path = `POST /transactions/${transactionId}/approval-challenges`;
  return walletOf(walletId).answer((await make(tenant, path, { walletId })).body);
}

/** One that is signed, as only such can be displaced. */
const makeSent: Maker = async (tenant, made) => {
  const id = await makeTransaction(tenant, made);
  for (const approver of [0, 1])
    await make(
      tenant,
      `POST /transactions/${id}/approvals`,
      await approvalOf(tenant, id, approver),
    );
  await vi.waitFor(
    async () => {
      const { body } = await tenant.call(`GET /transactions/${id}`);
      expect(body.attempts).toMatchObject([{ state: 'live' }]);
    },
    { timeout: 20_000 },
  );
  return id;
};

const multisigs = new Map<string, Proposed>();

/** One that members sign. */
const makeMultisig: Maker = async (tenant) => {
  const proposed = await openProposed({}, tenant);
  multisigs.set(proposed.id, proposed);
  return proposed.id;
};

/** One whose nodes contradict each other, as its sender and its row have it. */
const makeDisputed: Maker = async (tenant, made) => {
  const id = await makeSent(tenant, made);
  const { networkMagic, sender } = (await tenant.call(`GET /transactions/${id}`)).body;
  const stub = (env as unknown as Env).NEO_SENDER.getByName(`${networkMagic}:${sender}`);
  await runInDurableObject(stub, (_instance, { storage: { sql } }) => {
    sql.exec(
      `UPDATE intents SET state = 'disputed', deadline_at = NULL, due_at = NULL, lease_until = NULL
       WHERE id = ?`,
      id,
    );
  });
  await env.DB.prepare("UPDATE transactions SET status = 'disputed' WHERE transaction_id = ?")
    .bind(id)
    .run();
  return id;
};

const makeExportable: Maker = async (tenant) =>
  (await make(tenant, 'POST /wallets', { network: NETWORKS.up.id, exportable: true })).body.id;

type Caller = Required<Pick<Valid, 'token' | 'signer'>>;
type MakeCaller = (tenant: Tenant) => Promise<Caller>;

/** One caller an account, since an `Idempotency-Key` belongs to one credential. */
function oncePerAccount(make: MakeCaller): MakeCaller {
  const callers = new Map<string, Caller>();
  return async (tenant) => {
    const caller = callers.get(tenant.accountId) ?? (await make(tenant));
    callers.set(tenant.accountId, caller);
    return caller;
  };
}

const sessionOf = oncePerAccount(async (tenant) => {
  const wallet = createNeoWallet();
  await addVerified(tenant, wallet);
  const pair = createSigningPair();
  const signed = await signedIn(wallet, { signingPublicKey: pair.publicKey });
  return { token: signed.accessToken, signer: pair.as(signed.sessionId) };
});

export const signingKeyOf = oncePerAccount(async (tenant) => {
  const pair = createSigningPair();
  const body = { name: 'signs', role: 'admin', signingPublicKey: pair.publicKey };
  const made = await make(tenant, 'POST /keys', body);
  return { token: made.body.key, signer: pair.as(made.body.id) };
});

/** Callers of operations that an unsigned API key does not get into. */
const CALLERS: Readonly<Record<string, MakeCaller>> = {
  'wallets.exportKey': sessionOf,
  'accounts.setRequestSignatures': signingKeyOf,
};

/** Resources that one operation needs in a state or of a kind of their own. */
const OWN_MAKERS: Readonly<Record<string, Maker>> = {
  'workspaceWallets.verifyWallet.walletId': makeOwnWallet,
  'wallets.getWallet.walletId': makeChainWallet,
  'wallets.listBalances.walletId': makeChainWallet,
  'wallets.updateWallet.walletId': makeChainWallet,
  'wallets.retireWallet.walletId': makeChainWallet,
  'wallets.getPolicy.walletId': makeChainWallet,
  'wallets.setPolicy.walletId': makeChainWallet,
  'wallets.checkTransaction.walletId': makeChainWallet,
  'wallets.exportKey.walletId': makeExportable,
  'transactions.replaceTransaction.transactionId': makeSent,
  'transactions.getSignatures.transactionId': makeMultisig,
  'transactions.addSignatures.transactionId': makeMultisig,
  'transactions.resolveDisputed.transactionId': makeDisputed,
  'executions.cancelExecution.executionId': async (tenant, made) =>
    queuedOnly(tenant, await makeFunction(tenant, made)),
};

/**
 * What must be true before the example is valid, for operations whose resource must be in a certain
 * state.
 */
const PREPARATIONS: Readonly<Record<string, (tenant: Tenant) => Promise<unknown>>> = {
  'accounts.resumeAccount': async ({ accountId }) =>
    call(`POST /accounts/${accountId}/suspend`, { body: { reason: 'fixture' } }),
};

/**
 * Bodies that name resources, for which the example's ids are of no use, and those that must differ
 * each time.
 */
const BODIES: Readonly<Record<string, (tenant: Tenant, made: Resources) => Promise<unknown>>> = {
  'signIn.createChallenge': async () => ({
    address: createNeoWallet().address,
    network: NETWORK.id,
  }),
  'signIn.createSession': async (tenant) => {
    const wallet = createNeoWallet();
    await addVerified(tenant, wallet);
    return wallet.answer((await askToSignIn(wallet)).body);
  },
  'sessions.refreshSession': async (tenant) => refreshBodyOf(tenant),
  'sessions.signOut': async (tenant) => refreshBodyOf(tenant),
  'workspaceWallets.verifyWallet': async (tenant, { walletId = '' }) => {
    const path = `POST /workspace-wallets/${walletId}/challenges`;
    return walletOf(walletId).answer((await make(tenant, path, {})).body);
  },
  'workspaceWallets.createApprovalChallenge': async (tenant) => ({
    walletId: (await makePolicy(tenant)).walletId,
    operation: 'accounts.deleteAccount',
  }),
  'workspaceWallets.createApproval': answerToApprove,
  'workspaceWallets.createWallet': async () => ({
    kind: 'evm',
    address: `0x${unique().toString(16).padStart(40, '0')}`,
  }),
  'transactions.createTransaction': transactionBodyOf,
  'transactions.replaceTransaction': async () => ({ networkFeeMax: '1300000' }),
  'transactions.createApprovalChallenge': async (tenant) => ({
    walletId: (await approversOf(tenant))[0],
  }),
  'transactions.createApproval': (tenant, { transactionId = '' }) =>
    approvalOf(tenant, transactionId, 0),
  'transactions.addSignatures': async (_tenant, { transactionId = '' }) => {
    const { members: [member] = [], hash = '' } = multisigs.get(transactionId) ?? {};
    return { publicKey: member?.publicKey, signature: member?.sign(hash) };
  },
  'secrets.createSecret': async () => ({ name: `secret${unique()}`, value: 'correct horse' }),
  'secrets.setGrants': async (tenant) => ({ functionIds: [await makeFunction(tenant, {})] }),
  'functions.createFunction': async () => ({ name: `function-${unique()}`, source: DOUBLE }),
  'contracts.registerContract': async () => registration(unique()),
  'contracts.invokeMethod': async (tenant) => ({
    ...(await senderOf(tenant)),
    method: 'put',
    args: [{ type: 'ByteArray', value: 'AQ==' }],
  }),
  'contracts.updateContract': async (tenant) => ({
    ...(await senderOf(tenant)),
    nef: WORKSHOP_NEF,
  }),
  'contracts.deployContract': async (tenant) => ({
    ...(await senderOf(tenant)),
    nef: WORKSHOP_NEF,
    manifest: JSON.stringify({ ...WORKSHOP_MANIFEST, name: `Workshop ${unique()}` }),
  }),
  'contracts.testInvokeMethod': async () => ({ method: 'fail' }),
  'workspaceWallets.setPolicy': async (tenant) => {
    const walletId = await makeWallet(tenant);
    await verifyWallet(walletId);
    return { threshold: 1, members: [walletId] };
  },
};

/** The small chain has one for each number. */
const registration = (number: number) => ({
  network: NETWORKS.up.id,
  scriptHash: contractAt(number),
});

type Insert = (tenant: Tenant, listPath: string) => Promise<unknown>;

/** The resource a list belongs to: its path within the account, without the last segment. */
const ownerOf = (listPath: string): string => listPath.split('/').slice(3, -1).join('/');

/** How to add an item to each list. */
const INSERTS: Readonly<Record<string, Insert>> = {
  'sessions.listSessions': async (tenant) => {
    const wallet = createNeoWallet();
    await addVerified(tenant, wallet);
    await signedIn(wallet);
  },
  'workspaceWallets.listApprovals': async (tenant) =>
    make(tenant, 'POST /wallet-policy/approvals', await answerToApprove(tenant)),
  'accounts.listAccounts': () => openTenant(),
  'keys.listKeys': (tenant) => makeKey(tenant, {}),
  'workspaceWallets.listWallets': makeWallet,
  'wallets.listWallets': (tenant) => makeChainWallet(tenant, {}),
  'transactions.listTransactions': (tenant) => makeTransaction(tenant, {}),
  'transactions.listDisputed': (tenant) => makeDisputed(tenant, {}),
  'secrets.listSecrets': (tenant) => makeSecret(tenant, {}),
  'secrets.listVersions': (tenant, path) =>
    make(tenant, `PUT /${ownerOf(path)}`, { value: 'another', graceSeconds: 60 }),
  'functions.listFunctions': (tenant) => makeFunction(tenant, {}),
  'functions.listVersions': (tenant, path) => addVersion(tenant, path.split('/')[4] ?? ''),
  'executions.listExecutions': (tenant) => MAKERS.executionId?.(tenant, {}) ?? Promise.reject(),
  'contracts.listContracts': (tenant) => make(tenant, 'POST /contracts', registration(unique())),
  'audit.listEntries': (tenant) => makeKey(tenant, {}),
  'audit.listOperatorEntries': () => call('POST /operator/secrets/rewrap', { body: { limit: 1 } }),
  'events.listEvents': ({ accountId }) => noteEvent(accountId),
};

/** As http/commit.ts does it for a change that raises an event. */
async function noteEvent(accountId: string): Promise<void> {
  const body = {
    id: newId('event', Date.now()),
    source: `/accounts/${accountId}`,
    specversion: '1.0',
    time: toTimestamp(Date.now()),
    type: 'secret.rotation_due',
    subject: 'secrets/fixture',
    data: {},
  };
  await env.DB.prepare('INSERT INTO outbox (journal, kind, body, created_at) VALUES (?, ?, ?, ?)')
    .bind(accountId, 'event', JSON.stringify(body), Date.now())
    .run();
  await drainOutbox(env, connect(env.DB), accountId);
}

export const pathParameters = (operation: Operation): readonly string[] =>
  [...operation.path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);

export const fillPath = (operation: Operation, values: Resources): string =>
  operation.path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(values[name] ?? ''));

/** A path of live resources and a body that is accepted there. */
export async function makeValid(operation: Operation, tenant: Tenant): Promise<Valid> {
  const made: Record<string, string> = {};
  for (const name of pathParameters(operation)) {
    const maker = OWN_MAKERS[`${operation.id}.${name}`] ?? MAKERS[name];
    if (!maker)
      throw new Error(`add a maker of {${name}} to test/contract/fixtures.ts for ${operation.id}`);
    made[name] = await maker(tenant, made);
  }
  await PREPARATIONS[operation.id]?.(tenant);
  const body = BODIES[operation.id]
    ? await BODIES[operation.id]?.(tenant, made)
    : operation.example.body;
  const caller = await CALLERS[operation.id]?.(tenant);
  const path = fillPath(operation, made);
  return { operation, path, body, ...caller };
}

/** How to add an item to the list that the operation answers. */
export function insertInto(operation: Operation): Insert {
  const insert = INSERTS[operation.id];
  if (!insert) throw new Error(`add an insert for ${operation.id} to test/contract/fixtures.ts`);
  return insert;
}

/**
 * The credential an operation is meant for: the operator's for operators, the tenant's key for the
 * rest.
 */
const tokenFor = (operation: Operation, tenant: Tenant): string | undefined =>
  operation.access.kind === 'account' || operation.access.kind === 'authenticated'
    ? tenant.key
    : undefined;

/** Sends it as the caller it is meant for, unless the options say another. */
export function send(valid: Valid, tenant: Tenant, options: CallOptions = {}): Promise<Called> {
  const { operation, path, body, signer } = valid;
  const token = valid.token ?? tokenFor(operation, tenant);
  return call(`${operation.method.toUpperCase()} ${path}`, {
    ...(token === undefined ? {} : { token }),
    signer,
    ...(operation.body && options.rawBody === undefined ? { body } : {}),
    ...options,
  });
}

export const keepsKeys = (operation: Operation): boolean =>
  isUnsafe(operation) && operation.idempotency !== 'none';
