/**
 * A chain to catch up with, as answers of a node that are ready to be sent: every block holds a
 * transaction that raised four events of one contract, is signed by the chain's one validator and
 * names the one before. It is made anew for each run, and always the same but for its times.
 */
import { base64 } from '@scure/base';
import { assert } from '../../../worker/core/assert.ts';
import type { ChainPosition } from '../../../worker/core/chain-follower/position.ts';
import { encodeBlock } from '../../../worker/core/neo/block/block.ts';
import {
  type Header,
  hashHeader,
  type UnsignedHeader,
} from '../../../worker/core/neo/block/header.ts';
import { merkleRootOf } from '../../../worker/core/neo/block/merkle.ts';
import { decodeHash256, type Hash256 } from '../../../worker/core/neo/hash256.ts';
import { NATIVE_CONTRACTS } from '../../../worker/core/neo/native-contracts.ts';
import { parsePrivateKey, publicKeyOf, signMessage } from '../../../worker/core/neo/private-key.ts';
import {
  decodeScriptHash,
  encodeScriptHash,
  scriptHashOf,
} from '../../../worker/core/neo/script-hash.ts';
import { encodeInvocation } from '../../../worker/core/neo/transaction/signature-witness.ts';
import {
  encodeSigningMessage,
  hashTransaction,
  type Transaction,
} from '../../../worker/core/neo/transaction/transaction.ts';
import { CALLED_BY_ENTRY } from '../../../worker/core/neo/transaction/witness-scope.ts';
import { encodeMultisigScript } from '../../../worker/core/neo/verification-script.ts';

export const BLOCKS = 1_000;
export const EVENTS_OF_A_BLOCK = 4;
export const MAGIC = 56_753;
export const MS_PER_BLOCK = 1_000;
/** Whose events are followed. */
export const SHOP = decodeScriptHash(new Uint8Array(20).fill(0x5a));

/** Answers as JSON, by method and first parameter. */
export type Answers = ReadonlyMap<string, string>;

export interface StoredChain {
  readonly checkpoint: ChainPosition;
  readonly answers: Answers;
}

export const nameOf = (method: string, parameter: unknown): string =>
  parameter === undefined ? method : `${method} ${JSON.stringify(parameter)}`;

const key = parsePrivateKey('22'.repeat(32));
assert(key, 'a private key');
const script = encodeMultisigScript({ threshold: 1, publicKeys: [publicKeyOf(key)] });
assert(script.ok, 'the script of one validator');
const verification = script.value;
const validator = scriptHashOf(verification);
const GAS = NATIVE_CONTRACTS.GasToken.hash;
const FEE = 11_206_300n;

export function makeStoredChain(now: number): StoredChain {
  const hash = decodeHash256(new Uint8Array(32).fill(0x01));
  const checkpoint = { height: 0, hash, nextConsensus: validator };
  const answers = new Map<string, string>();
  const tell = (method: string, parameter: unknown, result: unknown): void => {
    answers.set(nameOf(method, parameter), JSON.stringify(result));
  };
  let previousHash = hash;
  for (let height = 1; height <= BLOCKS; height += 1) {
    const timeMs = now - (BLOCKS - height) * MS_PER_BLOCK;
    const block = makeBlock({ height, previousHash, timeMs });
    previousHash = block.hash;
    tell('getblock', height, block.bytes);
    tell('getblockheader', height, { index: height, hash: block.hash, time: timeMs });
    tell('getapplicationlog', block.hash, block.log);
    tell('getapplicationlog', block.transaction, logOf(block.transaction, height));
  }
  tell('getblockcount', undefined, BLOCKS + 1);
  tell('getversion', undefined, VERSION);
  return { checkpoint, answers };
}

type Place = Pick<UnsignedHeader, 'previousHash' | 'timeMs'> & { readonly height: number };

function makeBlock({ height, previousHash, timeMs }: Place) {
  const transaction = transactionOf(height);
  const hash = hashTransaction(transaction);
  const merkleRoot = merkleRootOf([hash]);
  assert(key && merkleRoot, 'a key and the root of one hash');
  const unsigned: UnsignedHeader = {
    previousHash,
    merkleRoot,
    timeMs,
    nonce: BigInt(height),
    index: height,
    primary: 0,
    nextConsensus: validator,
  };
  const own = hashHeader(unsigned);
  const signature = signMessage(encodeSigningMessage(MAGIC, own), key);
  const witness = { invocation: encodeInvocation([signature]), verification };
  const header: Header = { ...unsigned, witness };
  const bytes = base64.encode(encodeBlock({ header, transactions: [transaction] }));
  return { hash: own, bytes, transaction: hash, log: blockLog(own) };
}

/** Nobody looks at script and witness but the root. */
const transactionOf = (nonce: number): Transaction => ({
  nonce,
  systemFee: FEE - 1_000_000n,
  networkFee: 1_000_000n,
  validUntilBlock: BLOCKS + 1,
  signers: [{ account: validator, scopes: CALLED_BY_ENTRY }],
  attributes: [],
  script: new Uint8Array(100).fill(0x40),
  witnesses: [{ invocation: new Uint8Array(66), verification: new Uint8Array(40) }],
});

const bytesItem = (bytes: Uint8Array) => ({ type: 'ByteString', value: base64.encode(bytes) });
const integerItem = (value: bigint) => ({ type: 'Integer', value: String(value) });
const account = bytesItem(encodeScriptHash(validator));
const nobody = { type: 'Any' };

const raised = (contract: string, eventname: string, value: readonly object[]) => ({
  contract,
  eventname,
  state: { type: 'Array', value },
});

const execution = (trigger: string, notifications: readonly object[]) => ({
  trigger,
  vmstate: 'HALT',
  exception: null,
  gasconsumed: '10206300',
  stack: [],
  notifications,
});

const minted = raised(GAS, 'Transfer', [nobody, account, integerItem(50_000_000n)]);
const burned = raised(GAS, 'Transfer', [account, nobody, integerItem(FEE)]);

const blockLog = (blockhash: Hash256) => ({
  blockhash,
  executions: [execution('OnPersist', [burned, minted]), execution('PostPersist', [minted])],
});

const logOf = (txid: Hash256, height: number) => ({
  txid,
  executions: [
    execution(
      'Application',
      Array.from({ length: EVENTS_OF_A_BLOCK }, (_, index) =>
        raised(SHOP, 'Sold', [account, integerItem(BigInt(height)), integerItem(BigInt(index))]),
      ),
    ),
  ],
});

const VERSION = {
  useragent: '/stored/',
  protocol: {
    addressversion: 53,
    network: MAGIC,
    msperblock: MS_PER_BLOCK,
    validatorscount: 1,
    maxtraceableblocks: 200_000,
    maxvaliduntilblockincrement: 5_760,
    maxtransactionsperblock: 512,
  },
};
