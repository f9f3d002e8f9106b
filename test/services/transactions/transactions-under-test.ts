/** What the tests of transactions need beside the API: wallets with policies, approvers, senders. */
import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { expect, vi } from 'vitest';
import { connect } from '../../../worker/db/connect.ts';
import { type Env, parseSettings } from '../../../worker/env.ts';
import { createLog } from '../../../worker/http/log.ts';
import { sweepTransactions } from '../../../worker/services/transactions/index.ts';
import { callAltered } from '../../support/altered-platform.ts';
import { type GrowingChain, growingChain } from '../../support/growing-chain.ts';
import { type Called, openTenant, type Tenant } from '../../support/harness.ts';
import { createNeoWallet, type NeoWallet } from '../../support/neo-wallet.ts';
import { addVerified } from '../../support/signed-in.ts';
import { NETWORKS, SMALL_CHAIN } from '../../support/small-chain.ts';
import { stopClock } from '../../support/time.ts';

export const ABSENT = 'txn_01k4j8x1e0e4r9v2m3n5p6q7rs';
export const GAS = SMALL_CHAIN.gas;
const DATOSHI = 100_000_000;
const DAY_MS = 86_400_000;

/** Ten GAS a day, fees among them; what is beyond needs two approvals. */
export const POLICY = {
  contracts: [],
  tokens: [{ token: GAS, perDay: String(10 * DATOSHI) }],
  scopes: ['CalledByEntry'],
  customContracts: [],
  systemFeeMax: '50000000',
  networkFeeMax: '50000000',
  approvals: 2,
} as const;
/** The same with nothing free. */
export const GOVERNED = { ...POLICY, tokens: [] };

export interface Funded {
  readonly tenant: Tenant;
  readonly walletId: string;
  readonly address: string;
  readonly scriptHash: string;
  readonly senderName: string;
}

/**
 * The clock stands a day ahead, so that no alarm of a sender rings by itself while the next test
 * wipes its storage.
 */
export async function openFunded(policy: object = POLICY, tenant?: Tenant): Promise<Funded> {
  if (!vi.isFakeTimers()) stopClock(Date.now() + DAY_MS);
  const owner = tenant ?? (await openTenant());
  const made = await owner.call('POST /wallets', { body: { network: NETWORKS.up.id, policy } });
  expect(made.status, made.text).toBe(201);
  const { id: walletId, address, scriptHash } = made.body;
  const senderName = `${NETWORKS.up.magic}:${address}`;
  return { tenant: owner, walletId, address, scriptHash, senderName };
}

export const transferBy = ({ scriptHash }: Pick<Funded, 'scriptHash'>, datoshi = DATOSHI) => ({
  contract: GAS,
  method: 'transfer',
  args: [
    { type: 'Hash160', value: scriptHash },
    { type: 'Hash160', value: SMALL_CHAIN.receiver },
    { type: 'Integer', value: String(datoshi) },
    { type: 'Any', value: null },
  ],
  result: 'asserted',
});

/** A GAS transfer unless the fields say otherwise. */
export const create = (funded: Funded, fields: object = {}): Promise<Called> =>
  funded.tenant.call('POST /transactions', {
    body: { walletId: funded.walletId, calls: [transferBy(funded)], ...fields },
  });

export async function created(funded: Funded, fields: object = {}): Promise<Called> {
  const made = await create(funded, fields);
  expect(made.status, made.text).toBe(201);
  return made;
}

export const read = async ({ tenant }: Pick<Funded, 'tenant'>, id: string) =>
  (await tenant.call(`GET /transactions/${id}`)).body;

export interface Proposing extends Funded {
  readonly approvers: readonly NeoWallet[];
  readonly approverIds: readonly string[];
  /** Asks for the text of one approver. */
  readonly ask: (transactionId: string, approver: number) => Promise<Called>;
  /** The whole approval of one approver. */
  readonly approve: (transactionId: string, approver: number) => Promise<Called>;
}

/** A wallet with nothing free, and so many verified wallets in the workspace. */
export async function openProposing(count = 3, policy: object = GOVERNED): Promise<Proposing> {
  const funded = await openFunded(policy);
  const { tenant } = funded;
  const approvers = Array.from({ length: count }, createNeoWallet);
  const approverIds: string[] = [];
  for (const wallet of approvers) approverIds.push(await addVerified(tenant, wallet));
  const ask = (transactionId: string, approver: number) =>
    tenant.call(`POST /transactions/${transactionId}/approval-challenges`, {
      body: { walletId: approverIds[approver] },
    });
  return {
    ...funded,
    approvers,
    approverIds,
    ask,
    approve: async (transactionId, approver) => {
      const asked = await ask(transactionId, approver);
      expect(asked.status, asked.text).toBe(201);
      return tenant.call(`POST /transactions/${transactionId}/approvals`, {
        body: approvers[approver]?.answer(asked.body),
      });
    },
  };
}

const { NEO_SENDER, DB } = env as unknown as Env;

/** The sender of a wallet, as the platform finds it. */
export const senderOf = ({ senderName }: Pick<Funded, 'senderName'>) =>
  NEO_SENDER.getByName(senderName);

type SenderStub = ReturnType<typeof senderOf>;
type Method = 'send' | 'adopt' | 'get' | 'replace' | 'spent';

/**
 * The senders, where one method dies: before it did anything, or after, when only its answer is
 * lost. How often it was asked is counted.
 */
export function sendersThatDie(method: Method, when: 'before' | 'after') {
  const asked = { count: 0 };
  const die = async (stub: SenderStub, args: readonly unknown[]) => {
    asked.count += 1;
    // Of whichever method it is; what it answers is lost.
    const call = stub[method] as (...given: readonly unknown[]) => Promise<unknown>;
    if (when === 'after') await call(...args);
    throw new Error('the connection was lost');
  };
  const namespace = new Proxy(NEO_SENDER, {
    get: (target, name: keyof typeof NEO_SENDER) => {
      if (name !== 'getByName') return Reflect.get(target, name) as unknown;
      return (sender: string) => {
        const stub = target.getByName(sender);
        return new Proxy(stub, {
          get: (object, member: keyof SenderStub) =>
            member === method
              ? (...args: readonly unknown[]) => die(object, args)
              : (Reflect.get(object, member) as unknown),
        });
      };
    },
  });
  return { namespace, asked };
}

export const pass = (ms: number): void => {
  vi.setSystemTime(Date.now() + ms);
};

/** Rings the sender's alarm, a little later each time, until the condition holds. */
export const until = <Value>(
  funded: Pick<Funded, 'senderName'>,
  condition: () => Promise<Value>,
): Promise<Value> =>
  vi.waitFor(
    async () => {
      pass(300);
      await runDurableObjectAlarm(senderOf(funded));
      return condition();
    },
    { timeout: 20_000, interval: 5 },
  );

/** The part of the cron sweep that is about transactions, at the time of the test's clock. */
export async function sweep(): Promise<void> {
  const settings = parseSettings(env);
  if (!settings.ok) throw new Error('settings of the tests');
  await sweepTransactions({
    env,
    db: connect(DB),
    now: Date.now(),
    settings: settings.value,
    log: createLog('silent'),
  });
}

/** What the row says, where the API would ask the sender too. */
export const rowOf = (transactionId: string) =>
  DB.prepare('SELECT * FROM transactions WHERE transaction_id = ?').bind(transactionId).first();

export const eventsOf = async ({ tenant }: Pick<Funded, 'tenant'>, type: string) => {
  const page = await tenant.call('GET /events?limit=100');
  return (page.body.items as { type: string; data: Record<string, unknown> }[]).filter(
    (event) => event.type === type,
  );
};

export interface Live extends Funded {
  readonly chain: GrowingChain;
  readonly id: string;
  readonly hash: string;
}

/** One that is signed and in the pool of the node. */
export async function openLive(fields: object = {}, policy: object = POLICY): Promise<Live> {
  const chain = growingChain();
  const funded = await openFunded(policy);
  const { id } = (await created(funded, fields)).body;
  const hash = await until(funded, async () => {
    const [sent] = chain.pool.keys();
    if (sent === undefined) throw new Error('nothing was sent');
    return sent;
  });
  await until(funded, async () =>
    expect((await read(funded, id)).attempts).toMatchObject([{ state: 'live', hash }]),
  );
  return { ...funded, chain, id, hash };
}

/** One that is written, and whose request died before the sender had it. */
export async function createdAndLeft(funded: Funded, fields: object = {}): Promise<string> {
  const { namespace } = sendersThatDie('send', 'before');
  const { tenant, walletId } = funded;
  const made = await callAltered(
    { NEO_SENDER: namespace },
    `POST /accounts/${tenant.accountId}/transactions`,
    { token: tenant.key, body: { walletId, calls: [transferBy(funded)], ...fields } },
  );
  expect([made.status, made.body.status], made.text).toEqual([201, 'sending']);
  return made.body.id;
}

/** As many open intents as a sender takes, all like the one it has. */
export const fillSender = (funded: Funded): Promise<unknown> =>
  runInDurableObject(senderOf(funded), (_instance, { storage: { sql } }) => {
    const columns = sql
      .exec<{ name: string }>("SELECT name FROM pragma_table_info('intents')")
      .toArray();
    const others = columns.map(({ name }) => name).filter((name) => name !== 'id');
    sql.exec(
      `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)
       INSERT INTO intents (id, ${others.join()})
       SELECT 'filler' || i, ${others.map((name) => `one.${name}`).join()}
       FROM n, (SELECT * FROM intents LIMIT 1) AS one`,
    );
  });
