/**
 * What must hold of the days of a wallet with a policy: nothing unapproved goes out beyond a day's
 * limit, whatever else is sent at the same time; what is signed stands under the policy of that
 * moment; and a day's sum is in the end what its intents truly cost.
 */
import type { Hash256 } from '../../worker/core/neo/hash256.ts';
import { NATIVE_CONTRACTS } from '../../worker/core/neo/native-contracts.ts';
import type { UnsignedTransaction } from '../../worker/core/neo/transaction/transaction.ts';
import type { WalletPolicy } from '../../worker/core/wallets/wallet-policy.ts';
import { behaviourOf } from './script-model.ts';
import { perDayOf } from './wallet-model.ts';
import type { World } from './world.ts';

const GAS = NATIVE_CONTRACTS.GasToken.hash;

/** M16: right after an intent or a higher fee was taken without approvals. */
export async function expectWithinDay(world: World, id: string): Promise<void> {
  const { sender, wallet, violations } = world;
  if (wallet.policy === null) return;
  const spent = await sender.spent();
  const today = (spent.ok && spent.value.amounts.get(GAS)) || 0n;
  if (today > perDayOf(wallet)) violations.push(`${id} passes the day with ${today}`);
}

interface ToBeSigned {
  readonly hash: Hash256;
  readonly transaction: UnsignedTransaction;
  /** As it was when the wallet was asked for. */
  readonly policy: WalletPolicy;
}

/** M20: by arithmetic, beside the policy's own code. */
export async function expectPermitted(
  { sender, violations }: World,
  { hash, transaction, policy }: ToBeSigned,
): Promise<void> {
  const { systemFee, networkFee, script } = transaction;
  const [row] = await sender.rows(
    `SELECT i.authority, a.kind FROM attempts a JOIN intents i ON i.id = a.intent_id
     WHERE a.hash = '${hash}'`,
  );
  const cost = systemFee + networkFee + behaviourOf(script).gasSent;
  const isFree = row?.kind === 'cancel' || row?.authority === 'approvals';
  const isRefused = policy.approvals === null && row?.kind !== 'cancel';
  const isAbove = cost > (policy.tokens[0]?.perDay ?? 0n);
  if (networkFee > policy.networkFeeMax || (isAbove && (!isFree || isRefused)))
    violations.push(`${hash} was signed against the policy`);
}

/** Of the days that intents were sent on: their fees stayed below what was counted for them. */
const TRUE_COSTS = `SELECT i.created_at / 86400000 AS day,
    SUM(CASE WHEN i.state IN ('confirmed', 'faulted') THEN i.gas_sent ELSE 0 END +
      COALESCE(a.system_fee + a.network_fee, 0)) AS cost
  FROM intents i LEFT JOIN attempts a ON a.intent_id = i.id AND a.number = i.included_attempt
  WHERE i.authority IN ('policy', 'approvals') GROUP BY 1`;

const COUNTED = `SELECT d.day AS day, CAST(d.amount AS INTEGER) - COALESCE((SELECT
    SUM(CAST(s.amount AS INTEGER)) FROM spendings s WHERE s.day = d.day), 0) AS cost
  FROM spent_days d`;

/** Given back once and no more: without what disputed intents still hold, both are the same. */
export async function expectSoundDays({ sender, violations }: World): Promise<void> {
  const wrong = await sender.rows(
    `SELECT day FROM (${TRUE_COSTS}) AS t WHERE cost <> COALESCE((SELECT c.cost FROM (${COUNTED}) c
       WHERE c.day = t.day), 0)
     UNION ALL SELECT day FROM (${COUNTED}) AS c WHERE cost <> 0 AND day NOT IN
       (SELECT t.day FROM (${TRUE_COSTS}) t)`,
  );
  for (const row of wrong) violations.push(`not the sum of its intents: ${JSON.stringify(row)}`);
}
