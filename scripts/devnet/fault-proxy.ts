/**
 * An RPC endpoint in front of a real node, made bad at will: lag, refusals, wrong answers, broken
 * connections, a height that stands still (faults.ts). With every switch off it hands bytes through
 * unread. The switches are set by its owner in the same process, or over HTTP when it was started
 * with a control port. WebSockets are handed through; while the connection is broken or the height
 * frozen they break, or fall silent, as well.
 */
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { serveFaultControl } from './fault-control.ts';
import { type FaultSwitches, faultsSchema, NO_FAULTS } from './faults.ts';
import { RpcRelay } from './rpc-relay.ts';

export interface FaultProxy {
  /** In place of the node's own address. */
  readonly url: string;
  /** Where PUT, GET and DELETE set, tell and clear the switches; undefined without a control port. */
  readonly controlUrl: string | undefined;
  /** Replaces all switches; those not named are off. */
  readonly set: (switches: FaultSwitches) => void;
  readonly clear: () => void;
  /** How many requests for a method came in, whatever became of them. */
  readonly countOf: (method: string) => number;
  readonly stop: () => Promise<void>;
}

export interface FaultProxyOptions {
  /** Of the real node. */
  readonly target: string;
  /** 0: a free one. */
  readonly port?: number;
  /** Absent: no control over HTTP. */
  readonly controlPort?: number;
}

export async function startFaultProxy(options: FaultProxyOptions): Promise<FaultProxy> {
  const relay = new RpcRelay(options.target);
  const servers = [relay.server];
  const url = `http://127.0.0.1:${await listen(relay.server, options.port ?? 0)}`;
  let controlUrl: string | undefined;
  if (options.controlPort !== undefined) {
    const control = serveFaultControl(relay);
    servers.push(control);
    controlUrl = `http://127.0.0.1:${await listen(control, options.controlPort)}/faults`;
  }
  return {
    url,
    controlUrl,
    set: (switches) => relay.set(faultsSchema.parse(switches)),
    clear: () => relay.set(NO_FAULTS),
    countOf: (method) => relay.countOf(method),
    stop: async () => {
      relay.cut();
      await Promise.all(servers.map(close));
    },
  };
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', () => {
      // A listening TCP server has an address of this form.
      resolve((server.address() as AddressInfo).port);
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
