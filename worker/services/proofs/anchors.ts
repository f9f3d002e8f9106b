/**
 * Roots of proven checkpoints on their way to the chain (money rule M12). The row comes with the end
 * of its checkpoint, in one batch. An attempt is claimed before it is handed over, and names its
 * intent: whoever hands it over again, after a crash or beside another sweep, gives the sender what
 * it has. The next attempt begins when the one before it is known to be on no chain. Nothing here
 * holds a checkpoint up; what is given up is told with its reason.
 */
import type { TransactionView } from '../../../durable-objects/neo-sender/rpc.ts';
import { readMsPerBlock } from '../../chain/block-time.ts';
import { senderName } from '../../chain/sender-steps/sender-name.ts';
import { assert, assertNever } from '../../core/assert.ts';
import type { ScriptHash } from '../../core/neo/script-hash.ts';
import { encodeUnsigned } from '../../core/neo/transaction/transaction.ts';
import { NO_SCOPES } from '../../core/neo/transaction/witness-scope.ts';
import type { SenderIdentity } from '../../core/neo-sender/intent.ts';
import { encodeAnchorScript } from '../../core/proofs/anchor.ts';
import { anchorOf, statementSchema } from '../../core/proofs/statement.ts';
import { LIMITS as WALLET_LIMITS } from '../../core/wallets/limits.ts';
import { errorFields } from '../../http/log.ts';
import { findBoundNetwork } from '../chain/index.ts';
import { listPlatformWallets } from '../vaults/index.ts';
import { type AnchorRow, changeAnchor, listDueAnchors } from './anchor-store.ts';
import { LIMITS } from './limits.ts';
import type { ProofDeps } from './stages.ts';
import { loadCheckpoint } from './store.ts';
import type { AnchorReason } from './words.ts';

const PURPOSE = 'anchors';
const HAND_OVER_MS = LIMITS.anchorHandOverSeconds.value * 1_000;
const CHECK_MS = LIMITS.anchorCheckMinutes.value * 60_000;
const RETRY_MS = LIMITS.anchorRetryMinutes.value * 60_000;

/** Of the sender: another one for each attempt, since an intent that ended stays so. */
export const intentIdOf = ({
  networkMagic,
  height,
  attempt,
}: Pick<AnchorRow, 'networkMagic' | 'height' | 'attempt'>): string =>
  `anchor:${String(networkMagic)}:${String(height)}:${String(attempt)}`;

export async function sweepAnchors(deps: ProofDeps): Promise<void> {
  const { db, now, log } = deps;
  for (const row of await listDueAnchors(db, { now, limit: LIMITS.anchorsPerSweep.value })) {
    const { networkMagic, height } = row;
    try {
      const waitMs = row.handedAt === null ? HAND_OVER_MS : CHECK_MS;
      const taken = await changeAnchor(db, row, { dueAt: now + waitMs });
      if (taken) await advance(deps, taken);
    } catch (thrown) {
      // Its time comes again.
      log.error('proofs.anchor_stuck', { networkMagic, height, ...errorFields(thrown) });
    }
  }
}

async function advance(deps: ProofDeps, row: AnchorRow): Promise<unknown> {
  if (row.status === 'sent') return row.handedAt === null ? handOver(deps, row) : judge(deps, row);
  const claimed = await claim(deps, row);
  return claimed && handOver(deps, claimed);
}

async function claim(deps: ProofDeps, row: AnchorRow): Promise<AnchorRow | undefined> {
  const wallets = await listPlatformWallets(deps.db, row.networkMagic);
  const wallet = wallets.find(
    ({ purpose, watchedHeight }) => purpose === 'anchor' && watchedHeight !== null,
  );
  if (wallet === undefined) {
    // Retired since.
    await giveUp(deps, row, { reason: 'no_wallet' });
    return undefined;
  }
  const sender = wallet.scriptHash;
  return changeAnchor(deps.db, row, { status: 'sent', attempt: row.attempt + 1, sender });
}

/** Of one that is `sent`; safe to repeat until `handedAt` says that the sender has it. */
async function handOver(deps: ProofDeps, row: AnchorRow): Promise<unknown> {
  const { db, now, settings } = deps;
  const sender = identityOf(row);
  const outbox = senderOf(deps, row);
  const handed = { reason: null, handedAt: now, dueAt: now + CHECK_MS } as const;
  // Somebody handed it over before, and its answer was lost.
  const isTaken = async () => (await outbox.get(intentIdOf(row))).ok;
  if (await isTaken()) return changeAnchor(db, row, handed);
  const network = findBoundNetwork(settings, row);
  const script = await scriptOf(deps, row);
  if (!network.ok || script === null) return undefined;
  const { client, settings: facts } = network.value;
  const sent = await outbox.send({
    sender,
    network: { quorum: facts.quorum, msPerBlock: await readMsPerBlock(client) },
    command: {
      id: intentIdOf(row),
      purpose: PURPOSE,
      template: templateOf(sender.account, script),
      terms: {
        systemFeeMax: BigInt(WALLET_LIMITS.anchorSystemFeeMax.value),
        networkFeeMax: BigInt(WALLET_LIMITS.anchorNetworkFeeMax.value),
        gasSent: 0n,
        windowBlocks: LIMITS.anchorWindowBlocks.value,
      },
    },
    leave: null,
  });
  if (sent.ok || (await isTaken())) return changeAnchor(db, row, handed);
  return tryAgain(deps, row, 'not_sent');
}

/** Null where the checkpoint is gone: nobody can ask for it any more. */
async function scriptOf({ db }: ProofDeps, row: AnchorRow): Promise<Uint8Array | null> {
  const checkpoint = await loadCheckpoint(db, row);
  if (!checkpoint?.statement) return null;
  const anchor = anchorOf(statementSchema.parse(JSON.parse(checkpoint.statement)));
  return anchor && encodeAnchorScript(anchor);
}

/** With all its numbers 0. */
const templateOf = (account: ScriptHash, script: Uint8Array): Uint8Array<ArrayBuffer> =>
  encodeUnsigned({
    nonce: 0,
    systemFee: 0n,
    networkFee: 0n,
    validUntilBlock: 0,
    signers: [{ account, scopes: NO_SCOPES }],
    attributes: [],
    script,
  });

function identityOf({ networkMagic, sender }: AnchorRow): SenderIdentity {
  assert(sender !== null, 'what is sent has a sender');
  return { magic: networkMagic, account: sender };
}

const senderOf = ({ env }: Pick<ProofDeps, 'env'>, row: AnchorRow) =>
  env.NEO_SENDER.getByName(senderName(identityOf(row)));

/** What its sender, which has it, says of it. */
export async function judge(deps: ProofDeps, row: AnchorRow): Promise<unknown> {
  const outbox = senderOf(deps, row);
  const found = await outbox.get(intentIdOf(row));
  // It keeps what has ended for months, so this is no word about the chain.
  if (!found.ok) return giveUp(deps, row, { reason: 'disputed' });
  const { state, reason } = found.value;
  switch (state) {
    case 'intended':
    case 'prepared':
    case 'live':
      return outbox.wake();
    case 'disputed':
      return changeAnchor(deps.db, row, { reason: 'disputed' });
    case 'rejected':
      return tryAgain(deps, row, reason === 'insufficient_gas' ? reason : 'not_sent');
    case 'expired':
    case 'cancelled':
      return tryAgain(deps, row, 'expired');
    case 'confirmed':
      return changeAnchor(deps.db, row, {
        ...whereIncluded(found.value),
        ...ENDED,
        status: 'anchored',
        reason: null,
        endedAt: deps.now,
      });
    case 'faulted':
      // A push and a DROP: it would again, and cost as much.
      return giveUp(deps, row, { ...whereIncluded(found.value), reason: 'faulted' });
    default:
      return assertNever(state);
  }
}

const ENDED = { dueAt: null } as const;

function whereIncluded({ inclusion, attempts }: TransactionView): Partial<AnchorRow> {
  const winner = attempts.find(({ number }) => number === inclusion?.attempt)?.transaction;
  assert(inclusion !== null && winner, 'what was included has a block and a hash');
  return { transactionHash: winner.hash, blockIndex: inclusion.blockIndex };
}

/** Of an attempt that is on no chain. */
function tryAgain(deps: ProofDeps, row: AnchorRow, reason: AnchorReason): Promise<unknown> {
  if (row.attempt >= LIMITS.anchorAttemptsMax.value) return giveUp(deps, row, { reason });
  const dueAt = deps.now + row.attempt * RETRY_MS;
  return changeAnchor(deps.db, row, { status: 'pending', reason, handedAt: null, dueAt });
}

async function giveUp(
  { db, now, log }: ProofDeps,
  row: AnchorRow,
  why: Partial<AnchorRow> & { readonly reason: AnchorReason },
): Promise<void> {
  const { networkMagic, height, attempt } = row;
  log.error('proofs.anchor_failed', { networkMagic, height, attempt, reason: why.reason });
  await changeAnchor(db, row, { ...why, ...ENDED, status: 'failed', endedAt: now });
}
