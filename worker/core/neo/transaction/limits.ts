/**
 * Bounds of Neo N3 transactions. They are the protocol's own (neo-go pkg/core/transaction, checked
 * on a live node): a transaction beyond one of them is refused by every node, so none is a setting.
 */
import type { Limit } from '../../limits.ts';

export const LIMITS = {
  transactionBytesMax: {
    value: 102_400,
    unit: 'bytes',
    reason: 'MaxTransactionSize of neo-go; one byte more is refused with -509',
  },
  scriptBytesMax: { value: 65_535, unit: 'bytes', reason: 'MaxScriptLength of neo-go' },
  ownScriptBytesMax: {
    value: 65_534,
    unit: 'bytes',
    reason: 'of what is built here: one byte more has one hash on C# nodes and another on neo-go',
  },
  signersMax: {
    value: 16,
    unit: 'signers',
    reason: 'MaxAttributes of neo-go, which signers and attributes share',
  },
  signersAndAttributesMax: {
    value: 16,
    unit: 'signers and attributes',
    reason: 'MaxAttributes of neo-go: every signer leaves room for one attribute less',
  },
  scopeItemsMax: {
    value: 16,
    unit: 'items',
    reason: 'maxSubitems of neo-go: contracts, groups, rules of a signer; parts of a condition',
  },
  conditionLevelsMax: {
    value: 3,
    unit: 'levels',
    reason: 'MaxConditionNesting of neo-go, the innermost condition counted',
  },
  witnessScriptBytesMax: {
    value: 1_024,
    unit: 'bytes',
    reason: 'of either script of a witness: room for 11 of 21 signatures of a committee',
  },
  oracleResultBytesMax: {
    value: 65_535,
    unit: 'bytes',
    reason: 'MaxOracleResultSize of neo-go',
  },
} as const satisfies Record<string, Limit>;
