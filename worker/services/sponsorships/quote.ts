/**
 * What a sponsored transaction would do and cost, by a quorum of nodes (money rule M5): exact fees,
 * since they are held, paid and captured as they are, and refused before anything is held where it
 * would fault or where a transfer would answer false.
 */
import { policy } from '../../chain/contracts/policy.ts';
import { type ContractReading, scriptOf, valuesOf } from '../../chain/invoker.ts';
import { decideQuote, type EndpointQuote } from '../../chain/sender-steps/quote.ts';
import { rpcSenderEndpoint } from '../../chain/sender-steps/rpc-endpoint.ts';
import { assert } from '../../core/assert.ts';
import type { LiteralCall } from '../../core/neo/contract-calls.ts';
import type { PublicKey } from '../../core/neo/public-key.ts';
import { invokeScript } from '../../core/neo/rpc/invocation-calls.ts';
import {
  expectSignatures,
  networkFeeMin,
  toExecPicoFeeFactor,
} from '../../core/neo/transaction/fees.ts';
import type { UnsignedTransaction } from '../../core/neo/transaction/transaction.ts';
import { encodeSignatureScript } from '../../core/neo/verification-script.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { withTransfersAsserted } from '../../core/sponsorships/script.ts';
import type { Network } from '../chain/index.ts';

export interface Draft {
  /** With its fees 0; the sponsor first, then the user. */
  readonly unsigned: UnsignedTransaction;
  readonly calls: readonly LiteralCall[];
  readonly sponsorKey: PublicKey;
}

/** Datoshi. */
export interface Fees {
  readonly systemFee: bigint;
  readonly networkFee: bigint;
}

type QuoteRefusal =
  | 'chain.unavailable'
  | 'sponsorships.would_fault'
  | 'sponsorships.transfer_failed';

export async function quoteSponsored(
  network: Network,
  draft: Draft,
): Promise<Result<Fees, QuoteRefusal>> {
  const asserted = withTransfersAsserted(draft.calls);
  const [quoted, checked] = await Promise.all([
    quote(network, draft),
    asserted && quote(network, { ...draft, unsigned: { ...draft.unsigned, script: asserted } }),
  ]);
  if (quoted.kind === 'simulated_fault')
    return err('sponsorships.would_fault', { detail: quoted.detail });
  if (checked?.kind === 'simulated_fault')
    return err('sponsorships.transfer_failed', { detail: checked.detail });
  if (quoted.kind === 'unclear' || checked?.kind === 'unclear')
    return err('chain.unavailable', { retryAfterSeconds: 1 });
  return ok({ systemFee: quoted.systemFee, networkFee: quoted.networkFee });
}

async function quote({ client, settings }: Network, draft: Draft) {
  const answers = await Promise.all(client.endpoints.map((name) => quoteAt(client, name, draft)));
  return decideQuote(
    answers.flatMap((answer) => answer ?? []),
    settings.quorum,
  );
}

type Client = Network['client'];

async function quoteAt(client: Client, name: string, draft: Draft): Promise<EndpointQuote | null> {
  const [simulation, networkFee] = await Promise.all([
    rpcSenderEndpoint(client, name).simulate(draft.unsigned),
    networkFeeAt(client, name, draft),
  ]);
  return simulation === null || networkFee === null ? null : { simulation, networkFee };
}

/** By its size and the two signatures, at the prices this node names: the node has no key to go by. */
async function networkFeeAt(
  client: Client,
  name: string,
  { unsigned, sponsorKey }: Draft,
): Promise<bigint | null> {
  const [feePerByte, execPicoFeeFactor] = await Promise.all([
    readAt(client, name, policy.feePerByte()),
    readExecFactor(client, name),
  ]);
  if (feePerByte === null || execPicoFeeFactor === null) return null;
  // Every account of one key costs the same, whichever key it is.
  const expected = expectSignatures(encodeSignatureScript(sponsorKey));
  assert(expected, 'the script of an account of one key');
  return networkFeeMin(
    unsigned,
    unsigned.signers.map(() => expected),
    { feePerByte, execPicoFeeFactor, attributeFees: NO_ATTRIBUTES },
  );
}

/** Before Faun there is only the rounded factor. */
async function readExecFactor(client: Client, name: string): Promise<bigint | null> {
  const exact = await readAt(client, name, policy.execPicoFeeFactor());
  if (exact !== null) return exact;
  const rounded = await readAt(client, name, policy.execFeeFactor());
  return rounded === null ? null : toExecPicoFeeFactor(rounded);
}

async function readAt<Value>(
  client: Client,
  name: string,
  one: ContractReading<Value>,
): Promise<Value | null> {
  const readings = [one] as const;
  const reply = await client.askAt(name, invokeScript({ script: scriptOf(readings) }));
  const values = reply.kind === 'value' ? valuesOf<readonly [Value]>(readings, reply.value) : null;
  return values === null ? null : values[0];
}

const NO_ATTRIBUTES = {
  HighPriority: 0n,
  OracleResponse: 0n,
  NotValidBefore: 0n,
  Conflicts: 0n,
  NotaryAssisted: 0n,
};
