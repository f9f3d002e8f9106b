/**
 * A follower's way to those it delivers to (core/ports.ts). What goes wrong is logged and never
 * reported: the follower calls again until the events are acknowledged, and the sweep comes by too.
 */
import { WorkerEntrypoint } from 'cloudflare:workers';
import type { ChainDelivery, ChainEventsPort } from '../core/ports.ts';
import { connect } from '../db/connect.ts';
import { type Env, parseSettings } from '../env.ts';
import { createLog, errorFields } from '../http/log.ts';
import { bookChainEvents, isBooking } from '../services/vaults/index.ts';

export class ChainEvents extends WorkerEntrypoint<Env> implements ChainEventsPort {
  async deliver({ networkId, subscriberId }: ChainDelivery): Promise<void> {
    const parsed = parseSettings(this.env);
    // With a malformed setting nobody knows which nodes are ours: the events wait.
    if (!parsed.ok || !isBooking(subscriberId)) return;
    const settings = parsed.value;
    const log = createLog(settings.LOG_LEVEL);
    const deps = { env: this.env, db: connect(this.env.DB), settings, log, now: Date.now() };
    try {
      await bookChainEvents(deps, networkId);
    } catch (thrown) {
      log.error('gasbank.feed_failed', { network: networkId, ...errorFields(thrown) });
    }
  }
}
