/**
 * The follower's ways to the chain and to those it delivers to: the entrypoints `ChainReader` and
 * `ChainEvents` of `worker/index.ts`, reached by `ctx.exports`. The instance holds them in a field,
 * so that a test of the object can stand at the other end.
 */
import type { ChainEventsPort, ChainReaderPort } from '../../worker/core/ports.ts';

export interface FollowerPorts {
  readonly reader: Pick<ChainReaderPort, 'read'>;
  readonly events: Pick<ChainEventsPort, 'deliver'>;
}

export function followerPorts(ctx: DurableObjectState): FollowerPorts {
  // The exports are typed by generated code that objects must not depend on; these are part of the
  // ports' contract.
  const entrypoints = ctx.exports as unknown as {
    readonly ChainReader: ChainReaderPort;
    readonly ChainEvents: ChainEventsPort;
  };
  return {
    reader: { read: (leases) => entrypoints.ChainReader.read(leases) },
    events: { deliver: (delivery) => entrypoints.ChainEvents.deliver(delivery) },
  };
}
