/**
 * Sponsor wallets that run low are filled up from the vault by their rule. GAS stays the platform's,
 * so no book pays; the vault's own cap for refills bounds them, and one wallet has one refill under
 * way, whose id is its day and number: who decides twice makes one.
 */
import { gas } from '../../chain/contracts/gas.ts';
import { scriptOf, valuesOf } from '../../chain/invoker.ts';
import { senderName } from '../../chain/sender-steps/sender-name.ts';
import { sha256Canonical } from '../../core/canonical-json.ts';
import { toStored } from '../../core/money.ts';
import { invokeScript } from '../../core/neo/rpc/invocation-calls.ts';
import { decideFees } from '../../core/withdrawals/fee.ts';
import { decideRefill, refillIdOf } from '../../core/withdrawals/refill.ts';
import { runBatch } from '../../db/batch.ts';
import { errorFields } from '../../http/log.ts';
import { newId } from '../../http/request-context.ts';
import { findBoundNetwork, type Network } from '../chain/index.ts';
import { isPaused } from '../proofs/index.ts';
import { listPlatformWallets, type PlatformWalletRow } from '../vaults/index.ts';
import { advanceSoon } from './advance.ts';
import { openingAt } from './create.ts';
import { DAY_MS, type PayoutDeps } from './deps.ts';
import { LIMITS } from './limits.ts';
import { OF_PLATFORM } from './platform-payout.ts';
import { insertPayout, listRefills, type PayoutRow } from './store.ts';
import { findPayingVault, type PayingVault } from './vault-state.ts';

export async function refillSponsors(deps: PayoutDeps): Promise<void> {
  for (const { magic, id } of deps.settings.NEO_NETWORKS) {
    try {
      await refillNetwork(deps, { network: id, networkMagic: magic });
    } catch (thrown) {
      deps.log.error('withdrawals.refill_failed', { network: id, ...errorFields(thrown) });
    }
  }
}

async function refillNetwork(
  deps: PayoutDeps,
  bound: { readonly network: string; readonly networkMagic: number },
): Promise<void> {
  const { db, now } = deps;
  const paying = await findPayingVault(db, bound.networkMagic);
  if (paying === undefined) return;
  const wallets = await listPlatformWallets(db, bound.networkMagic);
  const ruled = wallets.filter(
    ({ purpose, refillRule, watchedHeight }) =>
      purpose === 'sponsor' && refillRule !== null && watchedHeight !== null,
  );
  // M6; what is refilled while books and chain differ may be a customer's.
  if (ruled.length === 0 || (await isPaused(db, bound.networkMagic, now)) !== null) return;
  const network = findBoundNetwork(deps.settings, bound);
  if (!network.ok) return;
  for (const wallet of ruled) await refillWallet(deps, { network: network.value, paying, wallet });
}

interface Refill {
  readonly network: Network;
  readonly paying: PayingVault;
  readonly wallet: PlatformWalletRow;
}

async function refillWallet(deps: PayoutDeps, refill: Refill): Promise<void> {
  const { db, now, env } = deps;
  const { network, wallet } = refill;
  const { walletId, networkMagic, scriptHash, refillRule } = wallet;
  if (refillRule === null) return;
  const today = Math.floor(now / DAY_MS);
  const known = await listRefills(db, walletId, today * DAY_MS);
  const isOpen = known.some(({ endedAt }) => endedAt === null);
  if (isOpen || known.length >= LIMITS.refillsPerDayMax.value) return;
  const balance = await readBalance(network, scriptHash);
  if (balance === null) return;
  const sender = env.NEO_SENDER.getByName(senderName({ magic: networkMagic, account: scriptHash }));
  const reserved = (await sender.reserved()).value;
  const rule = { below: BigInt(refillRule.below), upTo: BigInt(refillRule.upTo) };
  const amount = decideRefill(balance - reserved, rule);
  if (amount === null) return;
  const row = rowOf(refill, { amount, now, requestId: refillIdOf(walletId, today, known.length) });
  await runBatch(db.$client, [insertPayout(db, row).onConflictDoNothing().getSQL()]);
  await advanceSoon(deps, row);
}

/** The highest that a quorum reaches: who lies lower could drain the vault's refills of the day. */
async function readBalance(
  { client, settings }: Network,
  account: PlatformWalletRow['scriptHash'],
): Promise<bigint | null> {
  const readings = [gas.balanceOf(account)] as const;
  const replies = await client.askEach(invokeScript({ script: scriptOf(readings) }));
  const balances = replies.flatMap(({ reply }) => {
    const values = reply.kind === 'value' ? valuesOf(readings, reply.value) : null;
    return values === null ? [] : [values[0]];
  });
  if (balances.length < settings.quorum) return null;
  return balances.reduce((highest, one) => (one > highest ? one : highest), 0n);
}

interface Amount {
  readonly amount: bigint;
  readonly requestId: string;
  readonly now: number;
}

function rowOf({ paying, wallet }: Refill, { amount, requestId, now }: Amount): PayoutRow {
  const withdrawalId = newId('withdrawal', now);
  // Of a listed wallet of one key, so the fee is known; above the cap nothing is refilled.
  const fees = decideFees(null, null);
  const { systemFee, networkFee } = fees.ok ? fees.value : { systemFee: 0n, networkFee: 0n };
  const { network, networkMagic, walletId, scriptHash } = wallet;
  const named = { requestId, amount: amount.toString(), to: scriptHash };
  return {
    ...OF_PLATFORM,
    ...openingAt(now),
    status: 'ready',
    withdrawalId,
    kind: 'refill',
    requestId,
    requestDigest: sha256Canonical(named),
    platformWalletId: walletId,
    fund: 'equity',
    network,
    networkMagic,
    vault: paying.vault.contract,
    recipient: scriptHash,
    amount: toStored(amount),
    systemFeeMax: Number(systemFee),
    networkFeeMax: Number(networkFee),
    intentHash: sha256Canonical({ ...named, withdrawalId }),
    note: null,
    createdBy: 'system',
  };
}
