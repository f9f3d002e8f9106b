/**
 * Signs requests as a stranger's program would: written from RFC 9421 alone, with none of the code
 * that verifies, nor that of the SDK. Every part can be another one, for requests that are forged.
 */
import { ed25519 } from '@noble/curves/ed25519.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { base64, base64urlnopad } from '@scure/base';

export interface Unsigned {
  readonly method: string;
  readonly url: string;
  readonly body?: string | Uint8Array | undefined;
  readonly idempotencyKey?: string | null | undefined;
}

/** What a forger would change; each has its right value when it is absent. */
export interface Form {
  readonly label?: string;
  readonly components?: readonly string[];
  readonly created?: number;
  readonly expires?: number;
  readonly nonce?: string;
  readonly keyId?: string;
  readonly alg?: string;
  /** Written behind the parameters. */
  readonly more?: string;
  /** In place of what is sent. */
  readonly covered?: Partial<Unsigned>;
}

export interface RequestSigner {
  readonly keyId: string;
  readonly sign: (request: Unsigned, form?: Form) => Readonly<Record<string, string>>;
}

export interface SigningPair {
  /** As operations take it. */
  readonly publicKey: string;
  /** Its signer, once the credential with this key has an id. */
  readonly as: (keyId: string) => RequestSigner;
}

const bytesOf = (body: string | Uint8Array | undefined): Uint8Array =>
  typeof body === 'string' ? new TextEncoder().encode(body) : (body ?? new Uint8Array());

export const digestOf = (body?: string | Uint8Array): string =>
  `sha-256=:${base64.encode(sha256(bytesOf(body)))}:`;

let serial = 0;
export const freshNonce = (): string => {
  serial += 1;
  return `nonce-of-a-test-${String(serial).padStart(12, '0')}`;
};

export function createSigningPair(): SigningPair {
  serial += 1;
  const secret = new Uint8Array(32).fill(9);
  new DataView(secret.buffer).setUint32(0, serial);
  return {
    publicKey: base64urlnopad.encode(ed25519.getPublicKey(secret)),
    as: (keyId) => ({ keyId, sign: (request, form) => signWith(secret, keyId, request, form) }),
  };
}

function signWith(
  secret: Uint8Array,
  ownId: string,
  request: Unsigned,
  form: Form = {},
): Readonly<Record<string, string>> {
  const { method, url, body, idempotencyKey } = { ...request, ...form.covered };
  const values: Readonly<Record<string, string | null | undefined>> = {
    '@method': method,
    '@target-uri': url,
    'content-digest': digestOf(body),
    'idempotency-key': idempotencyKey,
  };
  const names = Object.keys(values).filter((name) => typeof values[name] === 'string');
  const components = form.components ?? names;
  const { label = 'sig1', keyId = ownId, alg = 'ed25519', nonce = freshNonce() } = form;
  const created = form.created ?? Math.floor(Date.now() / 1000);
  const expires = form.expires === undefined ? '' : `;expires=${form.expires}`;
  const list = components.map((name) => `"${name}"`).join(' ');
  const params =
    `(${list});created=${created}${expires};nonce="${nonce}";keyid="${keyId}";alg="${alg}"` +
    (form.more ?? '');
  const base = [
    ...components.map((name) => `"${name}": ${values[name] ?? ''}`),
    `"@signature-params": ${params}`,
  ].join('\n');
  const signature = ed25519.sign(new TextEncoder().encode(base), secret);
  return {
    'content-digest': digestOf(request.body),
    'signature-input': `${label}=${params}`,
    signature: `${label}=:${base64.encode(signature)}:`,
  };
}
