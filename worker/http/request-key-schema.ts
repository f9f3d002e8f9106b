/** A public key for signatures of requests, as contracts take it. */
import * as z from 'zod';
import { isSigningKey, SIGNING_KEY_PATTERN } from '../core/request-signature/signing-key.ts';
import { err, ok, type Result } from '../core/result.ts';

export const requestKeySchema = z
  .string()
  .regex(SIGNING_KEY_PATTERN, 'is not 32 bytes in base64url')
  .meta({
    description:
      'An Ed25519 public key, `x` of its JWK, that verifies signatures of requests (RFC 9421). ' +
      'Fixed from then on.',
    // RFC 9421 appendix B.1.4.
    example: 'JrQLj5P_89iXES9-vFgrIy29clF9CC_oPPsw3c5D0bs',
  });

/** Null where none is given; a key that anybody could sign for is refused. */
export const parseRequestKey = (
  text: string | undefined,
): Result<string | null, 'request.malformed'> =>
  text === undefined || isSigningKey(text)
    ? ok(text ?? null)
    : err('request.malformed', {
        fields: [{ pointer: '/signingPublicKey', detail: 'is not an Ed25519 public key' }],
      });
