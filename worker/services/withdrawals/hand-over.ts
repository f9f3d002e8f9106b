/**
 * From its turn to the sender of the operator. The row is claimed under the vault's cap of the day,
 * the hold is bound to the chain, and only then the intent goes out; each of the three is done once
 * however often it is tried, by the number of the attempt. What is asked before the claim is asked
 * again whenever it waited: a proof that failed, a vault that is paused, a cap that is used up
 * (money rules M6, M15).
 */
import { readMsPerBlock } from '../../chain/block-time.ts';
import { senderName } from '../../chain/sender-steps/sender-name.ts';
import { assert } from '../../core/assert.ts';
import type { SenderIdentity } from '../../core/neo-sender/intent.ts';
import { decideTurn } from '../../core/withdrawals/day-cap.ts';
import { LIMITS as PAYOUT_LIMITS } from '../../core/withdrawals/limits.ts';
import type { PayoutKind } from '../../core/withdrawals/status.ts';
import { findBoundNetwork, type Network } from '../chain/index.ts';
import { executeCommand } from '../gasbank/index.ts';
import { isPaused } from '../proofs/index.ts';
import { bindCommand, bookOfPayout } from './books.ts';
import { DAY_MS, MINUTE_MS, type PayoutDeps } from './deps.ts';
import { givenBack, settle } from './ending.ts';
import { LIMITS } from './limits.ts';
import { templateOf } from './payment.ts';
import { change, countFaults, insertAttempt, type PayoutRow, sendingIs, sumsOf } from './store.ts';
import { endIfTightened } from './tightened.ts';
import { tryAgain } from './trying.ts';
import { findPayingVault, type PayingVault, readVaultDay } from './vault-state.ts';
import { waitFor } from './waiting.ts';

const PURPOSE = 'withdrawals';

/** Of the sender: another one for each attempt, since an intent that ended stays so. */
export const intentIdOf = ({ withdrawalId, attempt }: PayoutRow): string =>
  `${withdrawalId}:${String(attempt)}`;

export function senderOf({ env }: Pick<PayoutDeps, 'env'>, row: PayoutRow) {
  return env.NEO_SENDER.getByName(senderName(identityOf(row)));
}

function identityOf({ networkMagic, sender }: PayoutRow): SenderIdentity {
  assert(sender !== null, 'what is sending has a sender');
  return { magic: networkMagic, account: sender };
}

/** Of one that is `ready` for the vault. */
export async function takeTurn(deps: PayoutDeps, row: PayoutRow): Promise<unknown> {
  const { db, now, settings } = deps;
  const pause = await isPaused(db, row.networkMagic, now);
  if (pause !== null) return waitFor(deps, row, { reason: 'proof_paused', detail: pause });
  if (await isSuspended(deps, row))
    return settle(
      deps,
      row,
      givenBack(row, { status: 'rejected', reason: 'destination_suspended' }),
    );
  if (await endIfTightened(deps, row)) return undefined;
  const network = findBoundNetwork(settings, row);
  const paying = await findPayingVault(db, row.networkMagic);
  if (!network.ok || paying?.vault.contract !== row.vault)
    return waitFor(deps, row, { reason: 'vault_missing' });
  const claimed = await claim(deps, row, { network: network.value, paying });
  return claimed && handOver(deps, claimed);
}

/** Whose recipient somebody chose. */
const CHOSEN: ReadonlySet<PayoutKind> = new Set(['withdrawal', 'unclaimed']);

/** M14: whoever faults again and again costs the vault its place in blocks. */
export async function isSuspended(
  { db, now }: PayoutDeps,
  { kind, networkMagic, recipient }: Pick<PayoutRow, 'kind' | 'networkMagic' | 'recipient'>,
): Promise<boolean> {
  if (!CHOSEN.has(kind)) return false;
  const since = now - DAY_MS;
  const faults = await countFaults(db, { magic: networkMagic, to: recipient, since });
  return faults >= PAYOUT_LIMITS.withdrawalFaultsMax.value;
}

interface Way {
  readonly network: Network;
  readonly paying: PayingVault;
}

async function claim(
  deps: PayoutDeps,
  row: PayoutRow,
  { network, paying }: Way,
): Promise<PayoutRow | undefined> {
  const { db, now } = deps;
  const method = row.kind === 'refill' ? 'refill' : 'release';
  const day = await readVaultDay(network, paying.vault.contract, method);
  if (day === null) return void (await waitFor(deps, row, { reason: 'chain_unreadable' }));
  if (day.isPaused) return void (await waitFor(deps, row, { reason: 'vault_paused' }));
  const { sending, ahead } = await sumsOf(db, row);
  const turn = decideTurn({ ...day, sending }, { ahead, amount: BigInt(row.amount), now });
  if (turn.kind === 'later')
    return void (await waitFor(deps, row, { reason: 'day_cap', etaAt: turn.etaAt }));
  const sent = {
    status: 'sending',
    statusSince: now,
    reason: null,
    detail: null,
    etaAt: null,
    sender: paying.operator.scriptHash,
    attempt: row.attempt + 1,
    tries: row.tries + 1,
    handedAt: null,
    dueAt: now + LIMITS.withdrawalHandOverSeconds.value * 1_000,
    updatedAt: now,
  } as const;
  return change(db, row, sent, sendingIs(row, sending));
}

/** Of one that is `sending`; safe to repeat until `handedAt` says that the sender has it. */
export async function handOver(deps: PayoutDeps, row: PayoutRow): Promise<unknown> {
  const { db, now, settings } = deps;
  await insertAttempt(db, row, now);
  if (await isTaken(deps, row)) return markHanded(deps, row);
  const network = findBoundNetwork(settings, row);
  if (!network.ok || row.vault === null) return undefined;
  // A request may have died since it claimed the row, and the proof have failed (M6).
  const pause = await isPaused(db, row.networkMagic, now);
  if (pause !== null) return waitFor(deps, row, { reason: 'proof_paused', detail: pause });
  if (!(await bind(deps, row))) return undefined;
  const { quorum } = network.value.settings;
  const sender = identityOf(row);
  const sent = await senderOf(deps, row).send({
    sender,
    network: { quorum, msPerBlock: await readMsPerBlock(network.value.client) },
    command: {
      id: intentIdOf(row),
      purpose: PURPOSE,
      template: templateOf(row, row.vault, sender.account),
      terms: {
        systemFeeMax: BigInt(row.systemFeeMax),
        networkFeeMax: BigInt(row.networkFeeMax),
        gasSent: 0n,
        windowBlocks: LIMITS.withdrawalWindowBlocks.value,
      },
    },
    leave: null,
  });
  if (sent.ok || (await isTaken(deps, row))) return markHanded(deps, row);
  return tryAgain(deps, row, sent.failure.detail ?? sent.failure.code);
}

/** Somebody handed it over before, and its answer was lost. */
const isTaken = async (deps: PayoutDeps, row: PayoutRow): Promise<boolean> =>
  (await senderOf(deps, row).get(intentIdOf(row))).ok;

const markHanded = ({ db, now }: PayoutDeps, row: PayoutRow) =>
  change(db, row, {
    handedAt: now,
    reason: null,
    detail: null,
    dueAt: now + LIMITS.withdrawalCheckMinutes.value * MINUTE_MS,
    updatedAt: now,
  });

/**
 * False where the hold is over: then nothing is sent. A later attempt finds it bound, by the first
 * one's command.
 */
export async function bind(deps: PayoutDeps, row: PayoutRow): Promise<boolean> {
  if (row.kind === 'refill') return true;
  const bound = await executeCommand(deps.env, bookOfPayout(row), bindCommand(row));
  if (bound.ok) return true;
  const { code, detail = null } = bound.failure;
  if (code !== 'gasbank.hold_ended' && code !== 'gasbank.hold_not_found')
    throw new Error(`the book does not bind ${row.withdrawalId}: ${code}`);
  const decision = { status: 'rejected', reason: 'hold_expired', detail } as const;
  await settle(deps, row, { ...decision, act: 'release', verdict: null });
  return false;
}
