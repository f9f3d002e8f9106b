/**
 * Blocks: a header and the transactions whose hashes make its merkle root. A block read here holds
 * exactly the transactions that its header commits to, in their order, none twice and none left
 * out; with a header that is verified (header-witness.ts) that is proof of inclusion and of absence.
 */
import { type Decoded, decodeWhole } from '../byte-reader.ts';
import { ByteWriter } from '../byte-writer.ts';
import { type Hash256, parseHash256 } from '../hash256.ts';
import { type JsonReader, type Parsed, parseWhole } from '../json-reader.ts';
import {
  encodeTransaction,
  hashTransaction,
  readTransaction,
  type Transaction,
} from '../transaction/transaction.ts';
import { readTransactionJson } from '../transaction/transaction-json.ts';
import { type Header, readHeader, readHeaderJson, writeHeader } from './header.ts';
import { LIMITS } from './limits.ts';
import { merkleRootOf } from './merkle.ts';

const OTHER_TRANSACTIONS = 'not the transactions of this header';

export interface Block {
  readonly header: Header;
  readonly transactions: readonly Transaction[];
  /** As the header commits to them, in the order of the transactions. */
  readonly transactionHashes: readonly Hash256[];
}

/** `getblock` without verbose, after base64. */
export const decodeBlock = (bytes: Uint8Array): Decoded<Block> =>
  decodeWhole(bytes, (reader) => {
    if (bytes.length > LIMITS.blockBytesMax.value) reader.refuse('longer than any block');
    const header = readHeader(reader);
    const listed = reader.list(LIMITS.blockTransactionsMax.value, 'transactions', () =>
      readTransaction(reader),
    );
    const transactions = listed.map(({ transaction }) => transaction);
    const asTheyLie = listed.map(({ hash }) => hash);
    if (merkleRootOf(asTheyLie) === header.merkleRoot)
      return { header, transactions, transactionHashes: asTheyLie };
    // neo-go passes a length of 65535 on in a form that it may not have hashed.
    const asWritten = transactions.map(hashTransaction);
    if (merkleRootOf(asWritten) === header.merkleRoot)
      return { header, transactions, transactionHashes: asWritten };
    return reader.refuse(OTHER_TRANSACTIONS);
  });

export function encodeBlock({
  header,
  transactions,
}: Pick<Block, 'header' | 'transactions'>): Uint8Array<ArrayBuffer> {
  const writer = new ByteWriter();
  writeHeader(writer, header);
  return writer
    .list(transactions, (transaction) => {
      writer.bytes(encodeTransaction(transaction));
    })
    .toBytes();
}

/** Verbose `getblock`, and `block_added`. */
export const parseBlock = (json: unknown): Parsed<Block> =>
  parseWhole(json, (reader) => {
    const header = readHeaderJson(reader);
    const list = reader.field('tx');
    const transactions = list.list(LIMITS.blockTransactionsMax.value, readTransactionJson);
    const transactionHashes = transactions.map(hashTransaction);
    if (merkleRootOf(transactionHashes) !== header.merkleRoot) list.refuse(OTHER_TRANSACTIONS);
    return { header, transactions, transactionHashes };
  });

/** Which transactions a block has, without what they say. */
export interface BlockContents {
  readonly header: Header;
  readonly transactionHashes: readonly Hash256[];
}

/**
 * As `parseBlock`, by the hashes alone: enough to tell inclusion and absence, and not kept up by a
 * transaction of a form that is not known here yet.
 */
export const parseBlockContents = (json: unknown): Parsed<BlockContents> =>
  parseWhole(json, (reader) => {
    const header = readHeaderJson(reader);
    const list = reader.field('tx');
    const transactionHashes = list.list(LIMITS.blockTransactionsMax.value, readHash);
    if (merkleRootOf(transactionHashes) !== header.merkleRoot) list.refuse(OTHER_TRANSACTIONS);
    return { header, transactionHashes };
  });

const readHash = (reader: JsonReader): Hash256 =>
  reader.field('hash').parsed(parseHash256, 'a hash');
