/** What size and verification of a transaction cost at the prices the network names now. */
import { policy } from '../../chain/contracts/policy.ts';
import { read } from '../../chain/invoker.ts';
import type { RpcClient } from '../../chain/rpc-client.ts';
import { assert } from '../../core/assert.ts';
import { parsePublicKey } from '../../core/neo/public-key.ts';
import {
  type ExpectedWitness,
  expectSignatures,
  networkFeeMin,
  toExecPicoFeeFactor,
} from '../../core/neo/transaction/fees.ts';
import type { Signer } from '../../core/neo/transaction/signer.ts';
import { encodeSignatureScript } from '../../core/neo/verification-script.ts';

interface Draft {
  readonly script: Uint8Array;
  readonly signers: readonly Signer[];
  /** Of the signers; accounts of one key each unless given. */
  readonly verification?: Uint8Array | undefined;
}

/** Datoshi; null when the prices cannot be read. */
export async function quoteNetworkFee(client: RpcClient, draft: Draft): Promise<bigint | null> {
  const [perByte, factor] = await Promise.all([
    read(client, policy.feePerByte()),
    readExecFactor(client),
  ]);
  if (perByte.kind !== 'value' || factor === null) return null;
  const { script, signers, verification } = draft;
  const expected = verification === undefined ? ONE_KEY : expectKeys(verification);
  const unsigned = {
    script,
    signers,
    nonce: 0,
    systemFee: 0n,
    networkFee: 0n,
    validUntilBlock: 0,
    attributes: [],
  };
  return networkFeeMin(
    unsigned,
    signers.map(() => expected),
    { feePerByte: perByte.value, execPicoFeeFactor: factor, attributeFees: NO_ATTRIBUTES },
  );
}

/** Before Faun there is only the rounded factor. */
async function readExecFactor(client: RpcClient): Promise<bigint | null> {
  const exact = await read(client, policy.execPicoFeeFactor());
  if (exact.kind === 'value') return exact.value;
  const rounded = await read(client, policy.execFeeFactor());
  return rounded.kind === 'value' ? toExecPicoFeeFactor(rounded.value) : null;
}

const NO_ATTRIBUTES = {
  HighPriority: 0n,
  OracleResponse: 0n,
  NotValidBefore: 0n,
  Conflicts: 0n,
  NotaryAssisted: 0n,
};

/** Every account of one key costs the same, whichever key it is; this one is the curve's generator. */
const GENERATOR = '036b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296';
const ONE_KEY = expectOneKey();

function expectOneKey(): ExpectedWitness {
  const key = parsePublicKey(GENERATOR);
  assert(key, 'the generator of the curve is a key');
  return expectKeys(encodeSignatureScript(key));
}

function expectKeys(verification: Uint8Array): ExpectedWitness {
  const expected = expectSignatures(verification);
  assert(expected, 'the script of an account of keys');
  return expected;
}
