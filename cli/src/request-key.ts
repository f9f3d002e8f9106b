/**
 * The key that signs requests, in a file of its own: a private JWK of Ed25519 (RFC 8037). The file is
 * held to the modes of the stored credentials; nothing of the key is ever printed but its public half.
 */
import * as z from 'zod';
import { usage } from './failure.ts';
import { parseJsonText } from './local-file.ts';
import { readSecretFile } from './profile.ts';

const bytes32 = z.string().regex(/^[A-Za-z0-9_-]{43}$/);
const requestKeySchema = z.object({
  kty: z.literal('OKP'),
  crv: z.literal('Ed25519'),
  x: bytes32,
  d: bytes32,
});
export type RequestKey = Readonly<z.infer<typeof requestKeySchema>>;

export async function readRequestKey(path: string): Promise<RequestKey> {
  const parsed = requestKeySchema.safeParse(parseJsonText(await readSecretFile(path), path));
  if (parsed.success) return parsed.data;
  throw usage(`${path} is not a private key of Ed25519 as a JWK`);
}
