/** Following a chain. Rows of the catalogue (../errors.ts). */
import type { ErrorEntry } from './entry.ts';

export const FOLLOWER_ERRORS = {
  'follower.not_configured': {
    status: 503,
    title: 'The network is not followed',
    retryable: true,
    help: 'An operator sets the network, its endpoints and a checkpoint; following begins with that.',
  },
  'follower.config_conflict': {
    status: 409,
    title: 'The network is followed from another beginning',
    retryable: false,
    help:
      'Magic and checkpoint cannot be changed under a follower that runs. A later checkpoint is ' +
      'taken only when the follower has verified the very same block.',
  },
  'follower.height_out_of_range': {
    status: 422,
    title: 'The height is outside of what is followed',
    retryable: false,
    help: 'Heights begin after the checkpoint and end with the next block; `limit` is the nearest.',
  },
  'follower.limit_reached': {
    status: 429,
    title: 'No more subscriptions or re-scans are taken',
    retryable: true,
    help: 'Remove subscriptions that are not needed, or wait for earlier re-scans to end.',
  },
  'follower.position_unknown': {
    status: 409,
    title: 'The position was never handed over',
    retryable: false,
    help: 'Acknowledge only positions of events that were read; others may not have been seen yet.',
  },
  'follower.lease_stale': {
    status: 409,
    title: 'The lease was given to another reader',
    retryable: false,
    help: 'The report came too late; another step has read the same blocks.',
  },
} as const satisfies Record<string, ErrorEntry>;
