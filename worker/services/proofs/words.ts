/** The closed words of checkpoints, as rows and answers have them. */

export const CHECKPOINT_STATUSES = ['running', 'proven', 'failed', 'unprovable'] as const;
export type CheckpointStatus = (typeof CHECKPOINT_STATUSES)[number];

/** What a running one does next (stages.ts). */
export const STAGE_NAMES = [
  'closing',
  'collecting',
  'weighing',
  'reading',
  'planting',
  'signing',
] as const;

export const CHECKPOINT_REASONS = [
  'assets_differ',
  'other_books_differ',
  'book_unbalanced',
  'address_watched_later',
  'state_not_kept',
  'historic_calls_unsupported',
  'nodes_disagree',
  'nodes_unreachable',
  'too_many_books',
] as const;
export type CheckpointReason = (typeof CHECKPOINT_REASONS)[number];

/** `pending`: to be sent, or to be sent again; `sent`: the sender of the anchor wallet has it. */
export const ANCHOR_STATUSES = ['pending', 'sent', 'anchored', 'failed'] as const;

export const ANCHOR_REASONS = [
  'no_wallet',
  'insufficient_gas',
  'not_sent',
  'expired',
  'faulted',
  'disputed',
] as const;
export type AnchorReason = (typeof ANCHOR_REASONS)[number];
