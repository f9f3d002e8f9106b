/**
 * The bridge in software mode: the workloads run in this Worker, and every answer says `attested:
 * false`. Keys are imported once per isolate, at first use. Resolved values are kept, never
 * promises: in workerd a promise belongs to the request that made it, and a second request must not
 * wait for it. Two first requests may both import; they get equal keys.
 */
import { err, ok, type Result } from '../worker/core/result.ts';
import type {
  AccountKeyRequest,
  AccountRequest,
  BridgeHealth,
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
import { type BridgeEnv, type BridgeSettings, parseBridgeEnv } from './env.ts';
import { createLog } from './log.ts';
import { createChainKey, exportChainKey, signTransaction } from './workloads/chain-keys.ts';
import { createDataKey, createVault, rewrapDataKey, type Vault } from './workloads/data-keys.ts';
import { openItems, sealItems } from './workloads/seal.ts';
import { createSessionSigner, type SessionSigner, signSession } from './workloads/sessions.ts';
import { createSigner, type Signer, signPayload } from './workloads/sign.ts';

export class SoftwareBridge implements EnclaveBridgeContract {
  readonly #settings: BridgeSettings;
  #vault: Vault | undefined;
  #signer: Signer | undefined;
  #sessionSigner: SessionSigner | undefined;

  constructor(env: BridgeEnv) {
    this.#settings = parseBridgeEnv(env);
  }

  async health(): Promise<BridgeHealth> {
    const { problems } = this.#settings;
    return { ready: problems.length === 0, missing: problems, mode: 'software', attested: false };
  }

  async createDataKey(request: AccountRequest) {
    const vault = await this.#openVault();
    return vault.ok ? ok(await createDataKey(vault.value, request)) : vault;
  }

  async seal(request: SealRequest) {
    const vault = await this.#openVault();
    return vault.ok ? sealItems(vault.value, request) : vault;
  }

  async open(request: OpenRequest) {
    const vault = await this.#openVault();
    return vault.ok ? openItems(vault.value, request) : vault;
  }

  async rewrapDataKey(request: AccountKeyRequest) {
    const vault = await this.#openVault();
    return vault.ok ? rewrapDataKey(vault.value, request) : vault;
  }

  async sign(request: SignRequest) {
    const signer = await this.#openSigner();
    return signer.ok ? signPayload(signer.value, request) : signer;
  }

  async sealAndSign(request: SealAndSignRequest) {
    const [sealed, signature] = await Promise.all([
      this.seal(request.seal),
      this.sign(request.sign),
    ]);
    if (!sealed.ok) return sealed;
    if (!signature.ok) return signature;
    return ok({ sealed: sealed.value, signature: signature.value });
  }

  async publicKey() {
    const signer = await this.#openSigner();
    return signer.ok ? ok(signer.value.publicKey) : signer;
  }

  async createChainKey(request: CreateChainKeyRequest) {
    const vault = await this.#openVault();
    return vault.ok ? createChainKey(vault.value, request) : vault;
  }

  async signTransaction(request: SignTransactionRequest) {
    const vault = await this.#openVault();
    return vault.ok ? signTransaction(vault.value, request) : vault;
  }

  async exportChainKey(request: ExportChainKeyRequest) {
    const vault = await this.#openVault();
    return vault.ok ? exportChainKey(vault.value, request) : vault;
  }

  async signSession(request: SessionRequest) {
    const signer = await this.#openSessionSigner();
    return signer.ok ? ok(await signSession(signer.value, request)) : signer;
  }

  async sessionPublicKey() {
    const signer = await this.#openSessionSigner();
    return signer.ok ? ok(signer.value.publicKey) : signer;
  }

  async #openVault(): Promise<Result<Vault, 'secrets.encryption_unconfigured'>> {
    const { masterKeys, logLevel } = this.#settings;
    if (masterKeys === undefined) return err('secrets.encryption_unconfigured');
    this.#vault ??= await createVault(masterKeys, createLog(logLevel));
    return ok(this.#vault);
  }

  async #openSigner(): Promise<Result<Signer, 'signing.unconfigured'>> {
    const { signingKey } = this.#settings;
    if (signingKey === undefined) return err('signing.unconfigured');
    this.#signer ??= await createSigner(signingKey);
    return ok(this.#signer);
  }

  async #openSessionSigner(): Promise<Result<SessionSigner, 'signing.unconfigured'>> {
    const { signingKey } = this.#settings;
    if (signingKey === undefined) return err('signing.unconfigured');
    this.#sessionSigner ??= await createSessionSigner(signingKey);
    return ok(this.#sessionSigner);
  }
}
