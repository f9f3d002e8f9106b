/** The objects' way to the bridge's signing key (core/ports.ts). */
import { WorkerEntrypoint } from 'cloudflare:workers';
import type { SignerPort as Port, SigningRequest } from '../core/ports.ts';
import type { Env } from '../env.ts';

export class SignerPort extends WorkerEntrypoint<Env> implements Port {
  sign(request: SigningRequest): ReturnType<Port['sign']> {
    return this.env.BRIDGE.sign(request);
  }
}
