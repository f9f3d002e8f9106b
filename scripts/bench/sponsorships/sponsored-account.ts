/**
 * The subject: an account of the product whose gas account pays for its users, opened through the
 * API like anybody's. The gas account has GAS from a deposit, a policy lets NEO be moved, and every
 * user is a wallet of the account, which signs at once.
 */
import { randomUUID } from 'node:crypto';
import { CALL_FLAGS } from '../../../worker/core/neo/call-flags.ts';
import { encodeCalls } from '../../../worker/core/neo/contract-calls.ts';
import { NATIVE_CONTRACTS } from '../../../worker/core/neo/native-contracts.ts';
import type { ScriptHash } from '../../../worker/core/neo/script-hash.ts';
import { accountNamed } from '../../devnet/accounts.ts';
import { payFromGenesis } from '../../devnet/funds.ts';
import { blockCount } from '../../devnet/node.ts';
import { execute } from '../../devnet/transactions.ts';
import { type Callers, measureCallers } from '../callers.ts';
import { type JsonApi, openApi } from '../json-api.ts';
import type { ServedProduct } from '../served-product.ts';
import type { Timing } from '../statistics.ts';
import { until } from '../until.ts';
import { type GasBank, hashIn, NETWORK } from './gas-bank.ts';
import { moveOne, type PrivateChain, payUsers } from './private-chain.ts';

export interface SponsoredAccount {
  /** From the request until the node has the transaction. */
  readonly measure: (load: Callers) => Promise<Timing>;
  /** Once everything that was sponsored has ended, in the books too. */
  readonly untilEnded: () => Promise<void>;
}

const DATOSHI = 100_000_000n;
/** Enough for a hundred thousand of them; no budget is to be met. */
const DEPOSIT = 20_000n;
const NO_BOUND = '20000';
const OPEN_MAX = 1_000;

export async function openSponsoredAccount(
  product: ServedProduct,
  { chain, bank, users }: Setting,
): Promise<SponsoredAccount> {
  const operator = openApi(product);
  const path = `/accounts/${String((await operator('POST', '/accounts', { name: 'Game' })).id)}`;
  const { key } = await operator('POST', `${path}/keys`, { name: 'bench', role: 'admin' });
  const api = openApi({ origin: product.origin, token: String(key) });
  const gasAccountId = await openGasAccount(api, path, { chain, bank });
  const policyId = await openPolicy(api, path, gasAccountId);
  const wallets: UserWallet[] = [];
  for (let n = 0; n < users; n += 1) wallets.push(await openWallet(api, path));
  await payUsers(
    chain,
    wallets.map(({ scriptHash }) => scriptHash),
  );
  const sponsorships = `${path}/gasbank/sponsorships`;
  const act = async (caller: number): Promise<number> => {
    const wallet = wallets[caller];
    if (wallet === undefined) throw new Error('every caller has a wallet');
    const { walletId, calls } = wallet;
    const startedAt = performance.now();
    const body = { id: randomUUID(), policyId, calls, walletId };
    const { hash } = await api('POST', sponsorships, body);
    return (await chain.door.handedAt(String(hash))) - startedAt;
  };
  const isEnded = async (): Promise<boolean> => {
    const { items } = await api('GET', `${sponsorships}?status=sending&limit=1`);
    return Array.isArray(items) && items.length === 0;
  };
  return {
    measure: (load) => measureCallers(act, load),
    untilEnded: async () => {
      await until('every sponsorship has ended', isEnded);
      await bank.untilBooked((await blockCount(chain.rpc)) - 1);
    },
  };
}

interface Setting {
  readonly chain: PrivateChain;
  readonly bank: GasBank;
  readonly users: number;
}

async function openGasAccount(
  api: JsonApi,
  path: string,
  { chain: { rpc }, bank: { vault } }: Pick<Setting, 'chain' | 'bank'>,
): Promise<string> {
  const gasAccounts = `${path}/gasbank/gas-accounts`;
  const id = String((await api('POST', gasAccounts, { network: NETWORK })).id);
  const depositor = accountNamed('bench-depositor');
  await payFromGenesis(rpc, [depositor], { gas: DEPOSIT + 1n, neo: 0n });
  const deposit = encodeCalls([
    {
      contract: NATIVE_CONTRACTS.GasToken.hash,
      method: 'transfer',
      args: [
        { type: 'Hash160', value: depositor.scriptHash },
        { type: 'Hash160', value: vault },
        { type: 'Integer', value: DEPOSIT * DATOSHI },
        { type: 'ByteArray', value: new TextEncoder().encode(id) },
      ],
      flags: CALL_FLAGS.All,
      result: 'asserted',
    },
  ]);
  await execute(rpc, depositor, deposit);
  const balance = async () => (await api('GET', `${gasAccounts}/${id}/balance`)).available;
  await until('the deposit is booked', async () => (await balance()) === String(DEPOSIT));
  return id;
}

async function openPolicy(api: JsonApi, path: string, gasAccountId: string): Promise<string> {
  const made = await api('POST', `${path}/gasbank/sponsorship-policies`, {
    gasAccountId,
    name: 'moves',
    contracts: [MOVES],
    feeMax: '1',
    perDay: NO_BOUND,
    perAccountPerDay: NO_BOUND,
    perSignerPerDay: NO_BOUND,
    faultsPerDay: 1,
    faultsPerSignerPerDay: 1,
    openMax: OPEN_MAX,
    openPerSignerMax: OPEN_MAX,
  });
  return String(made.id);
}

const MOVES = { contract: NATIVE_CONTRACTS.NeoToken.hash, methods: ['transfer'] };

interface UserWallet {
  readonly walletId: string;
  readonly scriptHash: ScriptHash;
  /** As the API has them. */
  readonly calls: readonly object[];
}

async function openWallet(api: JsonApi, path: string): Promise<UserWallet> {
  const made = await api('POST', `${path}/wallets`, {
    network: NETWORK,
    policy: {
      contracts: [MOVES],
      tokens: [],
      scopes: ['CalledByEntry'],
      customContracts: [],
      systemFeeMax: '0',
      networkFeeMax: '0',
      approvals: null,
    },
  });
  const scriptHash = hashIn(made.scriptHash);
  return { walletId: String(made.id), scriptHash, calls: [callOf(scriptHash)] };
}

function callOf(user: ScriptHash): object {
  const { args, ...call } = moveOne(user);
  const inJson = args.map(({ type, value }) =>
    type === 'Integer' ? { type, value: String(value) } : { type, value },
  );
  return { ...call, args: inJson, flags: 'All' };
}
