/**
 * What the enclave bridge does for the API Worker, over RPC on a service binding; there is no
 * public route. Types only: other Workers use `import type`. Expected failures are values. A
 * malformed call (empty account id, lone surrogates) is a bug of the caller and throws. Master and
 * signing keys never leave the bridge, and no unwrapped data key does.
 */
import type { PublicJwk } from '../worker/core/crypto/es256.ts';
import type {
  Signature,
  SigningPublicKey,
  SigningPurpose,
} from '../worker/core/crypto/signature.ts';
import type { Hash256 } from '../worker/core/neo/hash256.ts';
import type { Result } from '../worker/core/result.ts';
import type { SessionPublicKey } from '../worker/core/sessions/session-token.ts';

import type { ChainKeyFacts, ChainKeyPurpose } from '../worker/core/wallets/chain-key.ts';

export type {
  ChainKeyFacts,
  PublicJwk,
  SessionPublicKey,
  Signature,
  SigningPublicKey,
  SigningPurpose,
};

export interface BridgeHealth {
  readonly ready: boolean;
  /** Settings to mend, as `NAME: what is wrong`; never a value. For operators only. */
  readonly missing: readonly string[];
  readonly mode: 'software';
  readonly attested: false;
}

export interface AccountRequest {
  readonly accountId: string;
}

export interface AccountKeyRequest extends AccountRequest {
  /**
   * The account's data key as `createDataKey` gave it; useless without the master key and this
   * account id.
   */
  readonly wrappedKey: string;
}

export interface WrappedDataKey {
  readonly wrappedKey: string;
  /** Which master key wrapped it; changes with the master key and says nothing about it. */
  readonly masterKeyId: string;
}

export interface RewrappedDataKey extends WrappedDataKey {
  /** False when the current master key had wrapped it already: nothing to store. */
  readonly changed: boolean;
}

/**
 * Names the one place an item belongs to, e.g. `['secret', name, '3']` or `['journal',
 * executionId]`.
 */
export type ItemContext = readonly string[];

export interface SealRequest extends AccountKeyRequest {
  readonly items: readonly { readonly context: ItemContext; readonly plaintext: Uint8Array }[];
}

export interface OpenRequest extends AccountKeyRequest {
  readonly items: readonly { readonly context: ItemContext; readonly sealed: Uint8Array }[];
}

export interface SignRequest {
  readonly purpose: SigningPurpose;
  readonly payload: Uint8Array;
}

export interface SealAndSignRequest {
  readonly seal: SealRequest;
  readonly sign: SignRequest;
}

export interface SealedAndSigned {
  readonly sealed: readonly Uint8Array[];
  readonly signature: Signature;
}

/** Who is told to have signed in; the bridge adds the times. */
export interface SessionRequest extends AccountRequest {
  readonly issuer: string;
  readonly audience: string;
  readonly address: string;
  readonly sessionId: string;
}

export interface SessionToken {
  /** JWT, see worker/core/sessions/session-token.ts. */
  readonly token: string;
  /** Epoch milliseconds, whole seconds. */
  readonly expiresAt: number;
}

export interface CreateChainKeyRequest extends AccountKeyRequest {
  readonly walletId: string;
  readonly purpose: ChainKeyPurpose;
  /** Magic. */
  readonly network: number;
  readonly exportable: boolean;
}

/** Both parts are kept by the caller; the sealed one opens only with the very same facts. */
export interface ChainKey {
  readonly facts: ChainKeyFacts;
  readonly sealedKey: Uint8Array;
}

export interface ChainKeyRequest extends AccountKeyRequest, ChainKey {}

export interface SignTransactionRequest extends ChainKeyRequest {
  /** The unsigned part, whole. */
  readonly transaction: Uint8Array;
}

export interface ChainSignature {
  /** Of the transaction, as the bridge computed it. */
  readonly hash: Hash256;
  /** r || s over magic and hash, 64 bytes; the same bytes for the same transaction (RFC 6979). */
  readonly signature: Uint8Array;
}

export interface ExportChainKeyRequest extends ChainKeyRequest {
  /** X25519, 32 bytes, used once. */
  readonly recipientPublicKey: Uint8Array;
}

/** HPKE (RFC 9180): the encapsulated key and the sealed private key of 32 bytes. */
export interface ExportedChainKey {
  readonly enc: Uint8Array;
  readonly ciphertext: Uint8Array;
}

type Unconfigured = 'secrets.encryption_unconfigured';
type Undecryptable = 'secrets.undecryptable';
type BatchTooLarge = 'bridge.batch_too_large';

export type CreateDataKeyFailure = Unconfigured;
export type RewrapFailure = Unconfigured | Undecryptable;
export type SealFailure = Unconfigured | Undecryptable | BatchTooLarge;
export type SignFailure = 'signing.unconfigured' | BatchTooLarge;
export type PublicKeyFailure = 'signing.unconfigured';

export interface EnclaveBridgeContract {
  health(): Promise<BridgeHealth>;
  createDataKey(request: AccountRequest): Promise<Result<WrappedDataKey, CreateDataKeyFailure>>;
  /** One answer per item, in order; all or nothing. */
  seal(request: SealRequest): Promise<Result<readonly Uint8Array[], SealFailure>>;
  /**
   * One plaintext per item, in order. One unopenable item fails the call, with no word on which or
   * why.
   */
  open(request: OpenRequest): Promise<Result<readonly Uint8Array[], SealFailure>>;
  /**
   * Moves a data key from the previous master key to the current one; what it sealed stays as it
   * is.
   */
  rewrapDataKey(request: AccountKeyRequest): Promise<Result<RewrappedDataKey, RewrapFailure>>;
  sign(request: SignRequest): Promise<Result<Signature, SignFailure>>;
  /** The end of an execution in one round trip; all or nothing. */
  sealAndSign(
    request: SealAndSignRequest,
  ): Promise<Result<SealedAndSigned, SealFailure | SignFailure>>;
  publicKey(): Promise<Result<SigningPublicKey, PublicKeyFailure>>;
  createChainKey(request: CreateChainKeyRequest): Promise<Result<ChainKey, SealFailure>>;
  /** Refuses what the key's purpose does not cover; the same transaction has one signature. */
  signTransaction(
    request: SignTransactionRequest,
  ): Promise<Result<ChainSignature, SealFailure | 'wallets.signing_refused'>>;
  exportChainKey(
    request: ExportChainKeyRequest,
  ): Promise<
    Result<ExportedChainKey, SealFailure | 'wallets.not_exportable' | 'request.malformed'>
  >;
  signSession(request: SessionRequest): Promise<Result<SessionToken, PublicKeyFailure>>;
  sessionPublicKey(): Promise<Result<SessionPublicKey, PublicKeyFailure>>;
}
