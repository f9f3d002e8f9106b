/**
 * Blocks by the protocol (money rule M6): the bytes are hashed, the merkle root is made again from
 * the transactions' own hashes, and the witness is checked against the consensus that the block
 * before named. What comes out of here was signed by the chain, whoever served it.
 */
import { assert } from '../../core/assert.ts';
import type { FollowedTransaction } from '../../core/chain-follower/extract.ts';
import { type Block, decodeBlock } from '../../core/neo/block/block.ts';
import { hashHeader } from '../../core/neo/block/header.ts';
import { faultOfHeader } from '../../core/neo/block/header-witness.ts';
import type { Hash256 } from '../../core/neo/hash256.ts';
import type { Transaction } from '../../core/neo/transaction/transaction.ts';
import type { BlockCheck, BlockChecker } from './endpoint.ts';

export const blockChecker = (networkMagic: number): BlockChecker => ({
  async checkNext(fetched, { height, hash, nextConsensus, timeMs = null }) {
    const decoded = decodeBlock(fetched);
    if (!decoded.ok) return { ok: false, hash: null, reason: decoded.malformed.reason };
    const { header } = decoded.value;
    const previous = { index: height, hash, nextConsensus, timeMs };
    const fault = faultOfHeader({ header, previous, networkMagic });
    const own = hashHeader(header);
    return fault === null ? toChecked(decoded.value, own) : { ok: false, hash: own, reason: fault };
  },
  async checkKnown(fetched, known) {
    const decoded = decodeBlock(fetched);
    if (!decoded.ok) return { ok: false, hash: null, reason: decoded.malformed.reason };
    const own = hashHeader(decoded.value.header);
    return own === known
      ? toChecked(decoded.value, own)
      : { ok: false, hash: own, reason: 'another block than the verified one' };
  },
});

function toChecked(block: Block, hash: Hash256): BlockCheck {
  const { header, transactions, transactionHashes } = block;
  const { index: height, previousHash, nextConsensus, timeMs } = header;
  return {
    ok: true,
    header: { height, hash, previousHash, nextConsensus, timeMs },
    block: {
      height,
      hash,
      timeMs,
      transactions: transactions.map((transaction, index) =>
        toFollowed(transaction, transactionHashes[index]),
      ),
    },
  };
}

function toFollowed(transaction: Transaction, hash: Hash256 | undefined): FollowedTransaction {
  const [payer] = transaction.signers;
  assert(payer && hash, 'a decoded transaction has a signer, and a block the hash of each');
  return {
    hash,
    sender: payer.account,
    systemFeeDatoshi: transaction.systemFee,
    networkFeeDatoshi: transaction.networkFee,
  };
}
