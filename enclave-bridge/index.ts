/**
 * The bridge Worker. Reachable only over a service binding: the default export answers every HTTP
 * request with 404, and the configuration gives it no address. Every public method of the
 * entrypoint is callable over RPC (TypeScript's `private` is not seen by the platform), so the
 * class holds the contract's methods and nothing else.
 */
import { WorkerEntrypoint } from 'cloudflare:workers';
import type {
  AccountKeyRequest,
  AccountRequest,
  CreateChainKeyRequest,
  EnclaveBridgeContract,
  ExportChainKeyRequest,
  OpenRequest,
  SealAndSignRequest,
  SealRequest,
  SessionRequest,
  SignRequest,
  SignTransactionRequest,
} from './contract.ts';
import type { BridgeEnv } from './env.ts';
import { SoftwareBridge } from './software-bridge.ts';

/** An entrypoint is made for every call, its settings once per isolate. */
const bridges = new WeakMap<object, SoftwareBridge>();

function bridgeOf(env: BridgeEnv): SoftwareBridge {
  const bridge = bridges.get(env) ?? new SoftwareBridge(env);
  bridges.set(env, bridge);
  return bridge;
}

export class EnclaveBridge extends WorkerEntrypoint<BridgeEnv> implements EnclaveBridgeContract {
  health() {
    return bridgeOf(this.env).health();
  }

  createDataKey(request: AccountRequest) {
    return bridgeOf(this.env).createDataKey(request);
  }

  seal(request: SealRequest) {
    return bridgeOf(this.env).seal(request);
  }

  open(request: OpenRequest) {
    return bridgeOf(this.env).open(request);
  }

  rewrapDataKey(request: AccountKeyRequest) {
    return bridgeOf(this.env).rewrapDataKey(request);
  }

  sign(request: SignRequest) {
    return bridgeOf(this.env).sign(request);
  }

  sealAndSign(request: SealAndSignRequest) {
    return bridgeOf(this.env).sealAndSign(request);
  }

  publicKey() {
    return bridgeOf(this.env).publicKey();
  }

  createChainKey(request: CreateChainKeyRequest) {
    return bridgeOf(this.env).createChainKey(request);
  }

  signTransaction(request: SignTransactionRequest) {
    return bridgeOf(this.env).signTransaction(request);
  }

  exportChainKey(request: ExportChainKeyRequest) {
    return bridgeOf(this.env).exportChainKey(request);
  }

  signSession(request: SessionRequest) {
    return bridgeOf(this.env).signSession(request);
  }

  sessionPublicKey() {
    return bridgeOf(this.env).sessionPublicKey();
  }
}

export default { fetch: () => new Response(null, { status: 404 }) } satisfies ExportedHandler;
