/**
 * The follower's way to the chain: the entrypoint `ChainReader` of `worker/index.ts`, reached by
 * `ctx.exports`. The instance holds it in a field, so that a test of the object can stand at the
 * other end.
 */
import type { ChainReaderPort } from '../../worker/core/ports.ts';

export interface FollowerPorts {
  readonly reader: Pick<ChainReaderPort, 'read'>;
}

export function followerPorts(ctx: DurableObjectState): FollowerPorts {
  // The exports are typed by generated code that objects must not depend on; this one is part of
  // the ports' contract.
  const entrypoints = ctx.exports as unknown as { readonly ChainReader: ChainReaderPort };
  return { reader: { read: (leases) => entrypoints.ChainReader.read(leases) } };
}
