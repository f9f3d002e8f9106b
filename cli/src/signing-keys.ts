/**
 * * Public signing keys, from a file or from the API, with the periods in which they signed. A
 * checkpoint that says it was made long after its key was retired is not believed: it could be the
 * work of someone who found an old key.
 */
import * as z from 'zod';
import { checkpointSchema } from '../../worker/core/audit/checkpoint.ts';
import {
  type Signature,
  type SignatureCheck,
  type SigningPublicKey,
  signingPublicKeySchema,
  verifySignature,
} from '../../worker/core/crypto/signature.ts';
import { type Context, type GlobalFlags, openSession } from './context.ts';
import { usage } from './failure.ts';
import { readJsonFile } from './local-file.ts';

/** Rotation is seen by isolates one after the other; this is far more than that takes. */
const PERIOD_SLACK_MS = 3_600_000;

const listedKeySchema = z.object({
  ...signingPublicKeySchema.shape,
  firstSeenAt: z.iso.datetime().optional(),
  retiredAt: z.iso.datetime().nullish(),
});
export type ListedKey = Readonly<z.infer<typeof listedKeySchema>>;

const listSchema = z.union([
  z.object({ items: z.array(listedKeySchema) }).transform(({ items }) => items),
  z.array(listedKeySchema),
]);

interface KeyFlags extends GlobalFlags {
  readonly keys?: string;
}

/** Undefined when the caller named no source of keys: asking a server must be asked for. */
export async function readSigningKeys(
  context: Context,
  flags: KeyFlags,
): Promise<readonly ListedKey[] | undefined> {
  const { keys, addr, profile } = flags;
  if (keys !== undefined) return parseKeys(await readJsonFile(context.io, keys), keys);
  const isOnline = (addr ?? profile ?? context.io.env.SERVICE_LAYER_ADDR) !== undefined;
  if (!isOnline) return undefined;
  const session = await openSession(context, flags);
  const { body } = await session.call('system.listSigningKeys', {});
  return parseKeys(body, 'the answer of the API');
}

function parseKeys(value: unknown, source: string): readonly ListedKey[] {
  const parsed = listSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw usage(`${source} is not a list of signing keys`);
}

export const publicKeysOf = (keys: readonly ListedKey[]): readonly SigningPublicKey[] =>
  keys.map(({ keyId, algorithm, publicKey }) => ({ keyId, algorithm, publicKey }));

interface DatedCheck extends Omit<SignatureCheck, 'publicKeys'> {
  /** When it says it was signed, epoch milliseconds. */
  readonly at: number;
}

/** Whether a key signed it that was in use then. */
export function isSignedThen(keys: readonly ListedKey[], { at, ...check }: DatedCheck): boolean {
  const verified = verifySignature({ ...check, publicKeys: publicKeysOf(keys) });
  if (!verified.ok) return false;
  const key = keys.find(({ keyId }) => keyId === verified.value.keyId);
  return key !== undefined && isWithin(key, at);
}

/** The `isSigned` of `verifyAuditExport`. */
export const checkpointCheck =
  (keys: readonly ListedKey[]) =>
  (payload: Uint8Array, signature: Signature): boolean => {
    const { at } = checkpointSchema.parse(JSON.parse(new TextDecoder().decode(payload)));
    const purpose = 'audit-checkpoint';
    return isSignedThen(keys, { purpose, payload, signature, at: Date.parse(at) });
  };

function isWithin({ firstSeenAt, retiredAt }: ListedKey, at: number): boolean {
  const from = firstSeenAt === undefined ? -Infinity : Date.parse(firstSeenAt);
  const until = retiredAt === undefined || retiredAt === null ? Infinity : Date.parse(retiredAt);
  return at >= from - PERIOD_SLACK_MS && at <= until + PERIOD_SLACK_MS;
}
