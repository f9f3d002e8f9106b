/** Signatures of requests. Rows of the catalogue (../errors.ts). */
import type { ErrorEntry } from './entry.ts';

export const SIGNATURE_ERRORS = {
  'signature.required': {
    status: 403,
    title: 'The request must be signed',
    retryable: false,
    help:
      'The account requires signatures for operations that move money or wallets (RFC 9421; see the ' +
      'specification). Give the SDK its `signingKey`, or slctl `--signing-key`.',
  },
  'signature.malformed': {
    status: 400,
    title: 'The signature is not of the accepted form',
    retryable: false,
    help:
      '`detail` names what is wrong. One signature, over exactly `@method`, `@target-uri`, ' +
      '`content-digest` and, where the request has one, `idempotency-key`, with `created`, `nonce`, ' +
      '`keyid` and `alg="ed25519"`; `expires` may be added, anything else may not.',
  },
  'signature.key_absent': {
    status: 403,
    title: 'The credential has no key for signatures',
    retryable: false,
    help:
      "Name one when the API key is made or the wallet signs in (`signingPublicKey`). Operators' " +
      'tokens have none.',
  },
  'signature.stale': {
    status: 403,
    title: 'The signature is not of now',
    retryable: false,
    help:
      'A signature is accepted for five minutes after `created`, or until its `expires` if that is ' +
      'sooner. Sign again, and set the clock of the signer.',
  },
  'signature.refused': {
    status: 403,
    title: 'The signature is not one of this request',
    retryable: false,
    help:
      '`detail` names what does not fit: the credential, the digest of the content, or the signature ' +
      'over method, URL and digest. The URL is the one that the platform sees: a proxy must keep ' +
      'scheme, host and path, or the client must sign what the proxy makes of them.',
  },
  'signature.replayed': {
    status: 403,
    title: 'The signature was used before',
    retryable: false,
    help: 'A nonce is accepted once. Sign each request and each repetition anew.',
  },
} as const satisfies Record<string, ErrorEntry>;
