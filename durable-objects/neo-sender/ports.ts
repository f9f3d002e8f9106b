/**
 * The sender's way to the chain and the bridge: the entrypoint `ChainPort` of `worker/index.ts`,
 * reached by `ctx.exports`. The instance holds it in a field, so that a test of the object can
 * stand at the other end.
 */
import type { ChainPort } from '../../worker/core/ports.ts';

export interface SenderPorts {
  readonly chain: ChainPort;
}

export function senderPorts(ctx: DurableObjectState): SenderPorts {
  // The exports are typed by generated code that objects must not depend on; this one is part of
  // the ports' contract.
  const entrypoints = ctx.exports as unknown as { readonly ChainPort: SenderPorts['chain'] };
  return {
    chain: {
      performSenderSteps: (steps) => entrypoints.ChainPort.performSenderSteps(steps),
      deliverSenderEvents: (sender) => entrypoints.ChainPort.deliverSenderEvents(sender),
    },
  };
}
