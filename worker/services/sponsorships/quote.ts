/**
 * What a sponsored transaction would do and cost, by a quorum of nodes (money rule M5): exact fees,
 * since they are held, paid and captured as they are, and refused before anything is held where it
 * would fault or where a transfer would answer false.
 */
import type { FeeReading } from '../../chain/fee-reading.ts';
import { decideQuote, type EndpointQuote } from '../../chain/sender-steps/quote.ts';
import { rpcSenderEndpoint } from '../../chain/sender-steps/rpc-endpoint.ts';
import { assert } from '../../core/assert.ts';
import type { LiteralCall } from '../../core/neo/contract-calls.ts';
import type { PublicKey } from '../../core/neo/public-key.ts';
import { expectSignatures, networkFeeMin } from '../../core/neo/transaction/fees.ts';
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
  /** The prices that each node named: none of them has a key to go by. */
  readonly readings: readonly FeeReading[];
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
  const feeAt = networkFeeOf(draft);
  const answers = await Promise.all(
    draft.readings.map(async (reading): Promise<EndpointQuote | null> => {
      const simulation = await rpcSenderEndpoint(client, reading.endpoint).simulate(draft.unsigned);
      return simulation && { simulation, networkFee: feeAt(reading) };
    }),
  );
  return decideQuote(
    answers.flatMap((answer) => answer ?? []),
    settings.quorum,
  );
}

/** By its size and the two signatures. Every account of one key costs the same, whichever it is. */
function networkFeeOf({ unsigned, sponsorKey }: Draft): (prices: FeeReading) => bigint {
  const expected = expectSignatures(encodeSignatureScript(sponsorKey));
  assert(expected, 'the script of an account of one key');
  const witnesses = unsigned.signers.map(() => expected);
  return ({ feePerByte, execPicoFeeFactor }) =>
    networkFeeMin(unsigned, witnesses, {
      feePerByte,
      execPicoFeeFactor,
      attributeFees: NO_ATTRIBUTES,
    });
}

const NO_ATTRIBUTES = {
  HighPriority: 0n,
  OracleResponse: 0n,
  NotValidBefore: 0n,
  Conflicts: 0n,
  NotaryAssisted: 0n,
};
