/**
 * The one-time key that an exported key is sealed to, in a file of its own: a private JWK of X25519
 * (RFC 8037). It waits there for the approvals that name its hash, is held to the modes of the
 * stored credentials, and only its public half is ever printed.
 */
import * as z from 'zod';
import {
  createExportRecipient,
  type ExportRecipient,
  exportRecipientOf,
} from '../../sdk/keys/index.ts';
import { usage } from './failure.ts';
import { parseJsonText } from './local-file.ts';
import { readSecretFile, writeNewPrivate } from './profile.ts';

const bytes32 = z.string().regex(/^[A-Za-z0-9_-]{43}$/);
const recipientSchema = z.object({
  kty: z.literal('OKP'),
  crv: z.literal('X25519'),
  x: bytes32,
  d: bytes32,
});

export async function makeRecipientFile(path: string): Promise<ExportRecipient> {
  const recipient = createExportRecipient();
  const d = Buffer.from(recipient.secretKey).toString('base64url');
  const jwk = { kty: 'OKP', crv: 'X25519', x: publicHalf(recipient), d };
  await writeNewPrivate(path, `${JSON.stringify(jwk, null, 2)}\n`);
  return recipient;
}

export async function readRecipientFile(path: string): Promise<ExportRecipient> {
  const parsed = recipientSchema.safeParse(parseJsonText(await readSecretFile(path), path));
  if (parsed.success) {
    const recipient = exportRecipientOf(Buffer.from(parsed.data.d, 'base64url'));
    // A damaged file would ask for what it cannot open, and the approvals would be used up.
    if (publicHalf(recipient) === parsed.data.x) return recipient;
  }
  throw usage(`${path} is no file of \`slctl neo-keys recipient\``);
}

const publicHalf = ({ recipientPublicKey }: ExportRecipient): string =>
  Buffer.from(recipientPublicKey, 'base64').toString('base64url');
