/** A script run on one node with the signers given, and what sending it would cost. */
import { base64 } from '@scure/base';
import { runScript } from '../../chain/invoker.ts';
import type { Signer } from '../../core/neo/transaction/signer.ts';
import type { Invocation } from '../../core/neo/vm/invocation.ts';
import { formatStackItem, type StackItem } from '../../core/neo/vm/stack-item.ts';
import { err, ok, type Result } from '../../core/result.ts';
import type { RequestContext } from '../../http/request-context.ts';
import type { Network } from '../chain/index.ts';
import { LIMITS } from './limits.ts';
import { quoteNetworkFee } from './network-fee.ts';

export interface ScriptToRun {
  readonly script: Uint8Array;
  /** Without one there is nobody to pay, and no network fee is quoted. */
  readonly signers: readonly Signer[];
  /** Of the signers; accounts of one key each unless given. */
  readonly verification?: Uint8Array | undefined;
}

interface NodeRun {
  readonly invocation: Invocation;
  /** Datoshi; null when the prices could not be read, or nobody pays. */
  readonly networkFee: bigint | null;
}

async function runOnNode(
  { log }: Pick<RequestContext, 'log'>,
  { client, settings }: Network,
  run: ScriptToRun,
): Promise<Result<NodeRun, 'transactions.script_refused' | 'chain.unavailable'>> {
  const [answer, networkFee] = await Promise.all([
    runScript(client, run),
    run.signers.length === 0 ? null : quoteNetworkFee(client, run),
  ]);
  if (answer.kind === 'refused')
    return err('transactions.script_refused', { detail: answer.error.message });
  if (answer.kind === 'unreachable') {
    log.warn('chain.unavailable', { network: settings.id });
    return err('chain.unavailable', { retryAfterSeconds: 1 });
  }
  return ok({ invocation: answer.value, networkFee });
}

export interface Fees {
  /** Datoshi. */
  readonly systemFee: bigint;
  readonly networkFee: bigint;
}

/** What a transaction that would pass has to pay now; one that would not is refused. */
export async function askWhatItNeeds(
  context: Pick<RequestContext, 'log'>,
  network: Network,
  script: ScriptToRun,
): Promise<Result<{ readonly invocation: Invocation; readonly needed: Fees }>> {
  const run = await runOnNode(context, network, script);
  if (!run.ok) return run;
  const { invocation, networkFee } = run.value;
  if (invocation.vmState === 'FAULT')
    return err('transactions.would_fault', { detail: invocation.exception ?? 'no reason given' });
  if (networkFee === null) return err('chain.unavailable', { retryAfterSeconds: 1 });
  return ok({ invocation, needed: { systemFee: invocation.gasConsumedDatoshi, networkFee } });
}

/** Prices and state move until it is sent. */
export const withFeeMargin = (needed: bigint): bigint =>
  needed + (needed * BigInt(LIMITS.transactionFeeMarginPercent.value) + 99n) / 100n;

export async function simulateScript(
  context: Pick<RequestContext, 'log'>,
  network: Network,
  run: ScriptToRun,
) {
  const answer = await runOnNode(context, network, run);
  if (!answer.ok) return answer;
  const { invocation, networkFee } = answer.value;
  const { vmState, exception, gasConsumedDatoshi, stack, notifications } = invocation;
  const body = {
    script: base64.encode(run.script),
    vmState,
    exception,
    systemFee: gasConsumedDatoshi.toString(),
    networkFee: networkFee === null ? null : networkFee.toString(),
    stack: toItems(stack),
    notifications: notifications.map(({ contract, eventName, state }) => ({
      contract,
      eventName,
      state: toItems(state),
    })),
  };
  return ok({ status: 200, body } as const);
}

const toItems = (items: readonly StackItem[] | null) =>
  items && items.map((item) => ({ ...formatStackItem(item) }));
