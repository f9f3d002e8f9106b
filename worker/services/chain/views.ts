/** What the chain holds, in the form of the contract. */
import { base64 } from '@scure/base';
import { toTimestamp } from '../../core/clock.ts';
import { encodeAddress } from '../../core/neo/address.ts';
import type { Block } from '../../core/neo/block/block.ts';
import { hashHeader } from '../../core/neo/block/header.ts';
import type { TokenBalance } from '../../core/neo/rpc/state-calls.ts';
import type { KnownTransaction } from '../../core/neo/rpc/transaction-calls.ts';
import { sizeOfTransaction, type Transaction } from '../../core/neo/transaction/transaction.ts';
import { formatTransaction } from '../../core/neo/transaction/transaction-json.ts';
import type { ApplicationLog } from '../../core/neo/vm/application-log.ts';
import { effectiveNotifications } from '../../core/neo/vm/execution.ts';
import { formatStackItem, type StackItem } from '../../core/neo/vm/stack-item.ts';

export function toBlock({ header, transactionHashes }: Block) {
  return {
    hash: hashHeader(header),
    height: header.index,
    version: 0,
    previousHash: header.previousHash,
    merkleRoot: header.merkleRoot,
    time: toTimestamp(header.timeMs),
    nonce: header.nonce.toString(16).padStart(16, '0'),
    primary: header.primary,
    nextConsensus: encodeAddress(header.nextConsensus),
    transactions: [...transactionHashes],
  };
}

export function toTransaction({ transaction, inclusion }: KnownTransaction) {
  const { signers, attributes, witnesses, hash, nonce, sender } = formatTransaction(transaction);
  return {
    hash,
    size: sizeOfTransaction(transaction),
    nonce,
    sender,
    ...feesOf(transaction),
    validUntilBlock: transaction.validUntilBlock,
    signers: signers.map((signer) => ({ ...signer })),
    attributes: attributes.map((attribute) => ({ ...attribute })),
    script: base64.encode(transaction.script),
    witnesses: witnesses.map((witness) => ({ ...witness })),
    inclusion: inclusion && {
      blockHash: inclusion.blockHash,
      confirmations: inclusion.confirmations,
      time: toTimestamp(inclusion.blockTimeMs),
    },
  };
}

const feesOf = ({ systemFee, networkFee }: Transaction) => ({
  systemFee: systemFee.toString(),
  networkFee: networkFee.toString(),
});

/** Undefined for the log of a block, or of more than one execution: no transaction has such. */
export function toApplicationLog({ container, executions }: ApplicationLog) {
  const [execution] = executions;
  if (execution?.trigger !== 'Application' || executions.length > 1) return undefined;
  const { vmState, exception, gasConsumedDatoshi, stack } = execution;
  return {
    transaction: container,
    vmState,
    exception,
    gasConsumed: gasConsumedDatoshi.toString(),
    stack: toItems(stack),
    notifications: effectiveNotifications(execution).map((notification, index) => ({
      index,
      contract: notification.contract,
      eventName: notification.eventName,
      state: toItems(notification.state),
    })),
  };
}

const toItems = (items: readonly StackItem[] | null) =>
  items && items.map((item) => ({ ...formatStackItem(item) }));

export const toBalance = (balance: TokenBalance) => ({
  contract: balance.token,
  symbol: balance.symbol,
  decimals: balance.decimals,
  amount: balance.amount.toString(),
  lastUpdatedBlock: balance.lastUpdatedBlock,
});
