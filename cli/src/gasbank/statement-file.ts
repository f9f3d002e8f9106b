/**
 * The signed statement of a checkpoint, from a file or from the API, believed as far as it can be
 * without a node: it is of the network and the height that were asked for, it was signed by a key of
 * the platform that was in use then, and it is sound in itself.
 */
import * as z from 'zod';
import { signatureSchema } from '../../../worker/core/crypto/signature.ts';
import { type Hash256, parseHash256 } from '../../../worker/core/neo/hash256.ts';
import {
  encodeStatement,
  findUnsound,
  type Statement,
  statementSchema,
  type Unsound,
} from '../../../worker/core/proofs/statement.ts';
import { type Context, type GlobalFlags, openSession } from '../context.ts';
import { CliFailure, EXIT, usage } from '../failure.ts';
import { readJsonFile } from '../local-file.ts';
import { isRow } from '../output/cell.ts';
import { isSignedThen, readSigningKeys } from '../signing-keys.ts';

export interface StatementFlags extends GlobalFlags {
  readonly network: string;
  readonly height: string;
  readonly proof?: string;
  readonly keys?: string;
}

/** What the platform says became of writing the root on the chain; nobody has signed this. */
export interface StatedAnchor {
  readonly status: string;
  /** Null unless it is said to be anchored. */
  readonly transaction: Hash256 | null;
}

export interface Believed {
  readonly statement: Statement;
  readonly keyId: string;
  /** Null for a statement without one. */
  readonly anchor: StatedAnchor | null;
}

const anchorSchema = z.object({ status: z.string(), transactionHash: z.string().nullable() });

const WORDS: Readonly<Record<Unsound, string>> = {
  malformed: 'an amount is not written as amounts are',
  repeated: 'an address or a heading stands twice',
  negative: 'less than nothing stands where nobody can owe it',
  unbalanced: 'assets and liabilities do not add up to the same',
  other_books_differ: 'what books have between each other is not part of what is in transit',
  tree_differs: 'the tree does not add up to what customers own',
};

export const unproven = (code: string, detail: string): CliFailure =>
  new CliFailure({ exitCode: EXIT.unverified, code: `proof.${code}`, detail });

function parseHeight(text: string): number {
  const height = /^(0|[1-9][0-9]{0,9})$/.test(text) ? Number(text) : Number.NaN;
  if (height <= 0xffff_ffff) return height;
  throw usage('--height is the height of a block');
}

export async function readStatement(context: Context, flags: StatementFlags): Promise<Believed> {
  const { network } = flags;
  const height = parseHeight(flags.height);
  const document = await readDocument(context, flags, height);
  const keys = await readSigningKeys(context, flags);
  if (keys === undefined) throw usage('a signature needs keys: give --keys or --addr');
  const parsed = statementSchema.safeParse(isRow(document) ? document.statement : undefined);
  const signature = signatureSchema.safeParse(isRow(document) ? document.signature : undefined);
  if (!parsed.success || !signature.success) throw unproven('malformed', 'this is no statement');
  const statement = parsed.data;
  if (statement.network !== network || statement.height !== height)
    throw unproven(
      'another_checkpoint',
      `this is of ${statement.network} at ${String(statement.height)}`,
    );
  const isSigned = isSignedThen(keys, {
    purpose: 'trial-balance',
    payload: encodeStatement(statement),
    signature: signature.data,
    at: Date.parse(statement.cutAt),
  });
  if (!isSigned) throw unproven('signature_invalid', 'no key of the platform has signed this');
  const unsound = findUnsound(statement);
  if (unsound !== null) throw unproven(unsound, WORDS[unsound]);
  return { statement, keyId: signature.data.keyId, anchor: readAnchor(document) };
}

function readAnchor(document: unknown): StatedAnchor | null {
  const stated = isRow(document) ? (document.anchor ?? null) : null;
  if (stated === null) return null;
  const parsed = anchorSchema.safeParse(stated);
  if (!parsed.success) throw unproven('malformed', 'its anchor is none');
  const { status, transactionHash } = parsed.data;
  if (status !== 'anchored') return { status, transaction: null };
  const transaction = parseHash256(transactionHash ?? '');
  if (transaction === null) throw unproven('malformed', 'its anchor names no transaction');
  return { status, transaction };
}

async function readDocument(
  context: Context,
  flags: StatementFlags,
  height: number,
): Promise<unknown> {
  if (flags.proof !== undefined) return readJsonFile(context.io, flags.proof);
  const session = await openSession(context, flags);
  const { network } = flags;
  return (await session.call('proofs.getProof', { network, height })).body;
}
