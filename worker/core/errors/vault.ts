/** Secrets, the bridge that seals them, and signatures. Rows of the catalogue (../errors.ts). */
import type { ErrorEntry } from './entry.ts';

export const VAULT_ERRORS = {
  'secrets.name_taken': {
    status: 409,
    title: 'The account has a secret of this name',
    retryable: false,
    help:
      'Replace its value with `PUT /accounts/{accountId}/secrets/{name}`, or choose another ' +
      'name; names are case-sensitive.',
  },
  'secrets.value_too_large': {
    status: 413,
    title: 'The value of the secret is too large',
    retryable: false,
    help: 'A value has at most `limit` bytes of UTF-8; `observed` is its size.',
  },
  'secrets.encryption_unconfigured': {
    status: 503,
    title: 'The vault has no usable master key',
    retryable: true,
    help:
      'Nothing was stored. An operator must set `SECRET_ENCRYPTION_KEY` on the enclave bridge; ' +
      'a malformed value, and a development value outside development, count as none.',
  },
  'secrets.undecryptable': {
    status: 500,
    title: 'A sealed value cannot be opened',
    retryable: false,
    help:
      'It was sealed under a master key that is no longer configured, or the stored bytes were ' +
      'changed. An operator may set the older key as `SECRET_ENCRYPTION_KEY_PREVIOUS`.',
  },
  'bridge.batch_too_large': {
    status: 413,
    title: 'Too much to seal or sign in one step',
    retryable: false,
    help: 'Ask for less at once; `limit` and `observed` tell the bound.',
  },
  'signing.unconfigured': {
    status: 503,
    title: 'The platform has no usable signing key',
    retryable: true,
    help:
      'Nothing was signed. An operator must set `SIGNING_KEY` on the enclave bridge to a P-256 ' +
      'key of its own; a malformed value, and a development value outside development, count as ' +
      'none.',
  },
  'signing.key_unknown': {
    status: 422,
    title: 'The signature names a key that is not in the list',
    retryable: false,
    help: 'Fetch the current list from `/system/signing-keys`; it holds every key the platform ever signed with.',
  },
  'signing.signature_invalid': {
    status: 422,
    title: 'The signature does not belong to this content',
    retryable: false,
    help: 'The content or the signature was changed after signing.',
  },
} as const satisfies Record<string, ErrorEntry>;
