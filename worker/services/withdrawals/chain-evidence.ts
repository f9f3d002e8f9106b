/**
 * What the chain shows of a payment, by a quorum (money rules M3, M5): the event of the vault in the
 * transaction that was included, and what the vault has paid under an id. An endpoint that has not
 * come as far as the question says nothing, and where votes contradict each other nothing is said.
 */
import { gasVault, type PaidUnder } from '../../chain/contracts/gas-vault.ts';
import { scriptOf, valuesOf } from '../../chain/invoker.ts';
import { assert } from '../../core/assert.ts';
import type { Hash256 } from '../../core/neo/hash256.ts';
import { getBlockCount } from '../../core/neo/rpc/chain-calls.ts';
import { invokeScript } from '../../core/neo/rpc/invocation-calls.ts';
import { decideQuorum, digestNotifications, type Vote } from '../../core/neo/rpc/quorum.ts';
import { getApplicationLog } from '../../core/neo/rpc/transaction-calls.ts';
import type { Execution } from '../../core/neo/vm/execution.ts';
import { judgePayment } from '../../core/withdrawals/payment-event.ts';
import type { Evidence } from '../../core/withdrawals/verdict.ts';
import type { Network } from '../chain/index.ts';
import { paymentOf, payoutIdOf } from './payment.ts';
import type { PayoutRow } from './store.ts';

/** Null while too few say the same. */
async function askAll<Matter>(
  { client, settings }: Network,
  ask: (endpoint: string) => Promise<Matter | null>,
  keyOf: (matter: Matter) => string,
): Promise<Matter | null> {
  const votes = await Promise.all(
    client.endpoints.map(async (endpoint): Promise<Vote<Matter>[]> => {
      const verdict = await ask(endpoint);
      return verdict === null ? [] : [{ endpoint, verdict }];
    }),
  );
  const decision = decideQuorum(votes.flat(), { required: settings.quorum, keyOf });
  return decision.kind === 'decided' ? decision.verdict : null;
}

/** `height`: each endpoint's own block must be as far before it is asked. */
export function readPaidUnder(
  network: Network,
  row: PayoutRow,
  height: number,
): Promise<PaidUnder | null> {
  const { vault } = row;
  assert(vault !== null, 'the vault of a payment of the vault');
  const readings = [gasVault(vault).released(payoutIdOf(row))] as const;
  const script = scriptOf(readings);
  const ask = async (endpoint: string): Promise<PaidUnder | null> => {
    const count = await network.client.askAt(endpoint, getBlockCount());
    if (count.kind !== 'value' || count.value - 1 < height) return null;
    const run = await network.client.askAt(endpoint, invokeScript({ script }));
    const values = run.kind === 'value' ? valuesOf(readings, run.value) : null;
    return values === null ? null : values[0];
  };
  return askAll(network, ask, keyOfPaid);
}

const keyOfPaid = (paid: PaidUnder): string =>
  paid.kind === 'none' ? paid.kind : `${paid.to} ${String(paid.amount)}`;

/** Of the transaction that the sender saw included. */
export async function readPaymentEvent(
  network: Network,
  row: PayoutRow,
  hash: Hash256,
): Promise<Evidence['event']> {
  const { vault } = row;
  assert(vault !== null, 'the vault of a payment of the vault');
  const ask = async (endpoint: string): Promise<Execution | null> => {
    const log = await network.client.askAt(endpoint, getApplicationLog(hash));
    return log.kind === 'value' ? (log.value.executions[0] ?? null) : null;
  };
  const execution = await askAll(network, ask, keyOfExecution);
  return execution && judgePayment(execution, { vault, ...paymentOf(row) });
}

const keyOfExecution = (execution: Execution): string =>
  `${execution.vmState} ${digestNotifications(execution)}`;
