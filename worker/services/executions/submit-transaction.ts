/**
 * The action `transaction.submit`: a transaction of a wallet of the account, under the policy of
 * that wallet. The action's own id is the id of the effect, so an order that is given again after
 * its runner died finds the transaction it made. Done means: on its way, or waiting for approvals;
 * what becomes of it the transaction tells, not the action.
 */
import * as z from 'zod';
import type { JsonValue } from '../../core/functions-runtime/json-text.ts';
import { LIMITS as SENDER } from '../../core/neo-sender/limits.ts';
import { ok, type Result } from '../../core/result.ts';
import { signerSchema } from '../../http/transaction-schemas.ts';
import {
  type ProposalContext,
  parseScopes,
  parseScript,
  proposeTransaction,
  type TransactionRequest,
} from '../transactions/index.ts';
import { failed, malformed } from './action-failure.ts';
import type { ActionOrder, ActionOutcome, RunDeps } from './deps.ts';

/** Datoshi as decimal text or a number that is exact; the prelude writes a BigInt as text. */
const fee = z
  .union([z.string().regex(/^(0|[1-9][0-9]{0,15})$/, 'is no whole number of datoshi'), z.int()])
  .transform(BigInt)
  .refine((datoshi) => datoshi >= 0n && datoshi <= SENDER.senderFeeMax.value, 'is no fee');

const call = z.strictObject({
  contract: z.string(),
  method: z.string().min(1),
  args: z.array(z.unknown()).default([]),
  flags: z.string().default('All'),
  result: z.enum(['kept', 'asserted', 'dropped']).default('kept'),
});

/** As over the API: one line of a terminal. */
const NOTE_CHARS_MAX = 200;

const paramsSchema = z.strictObject({
  ...signerSchema.omit({ account: true }).shape,
  walletId: z.string(),
  script: z.string().optional(),
  calls: z.array(call).min(1).optional(),
  systemFeeMax: fee.optional(),
  networkFeeMax: fee.optional(),
  windowBlocks: z
    .int()
    .min(SENDER.senderWindowBlocksMin.value)
    .max(SENDER.senderWindowBlocksMax.value)
    .optional(),
  note: z.string().max(NOTE_CHARS_MAX).optional(),
});

export async function submitTransaction(
  deps: RunDeps,
  { accountId, id, params }: ActionOrder,
): Promise<ActionOutcome> {
  const request = parseRequest(params);
  if (!request.ok) return failed(request.failure);
  const context: ProposalContext = {
    env: deps.env,
    db: deps.db,
    settings: deps.settings,
    log: deps.log,
    now: Date.now(),
    operationId: 'transactions.createTransaction',
    // The execution itself: who ordered it, the execution tells.
    actor: { kind: 'system', id: id.split(':')[0] ?? id },
  };
  const proposed = await proposeTransaction(context, accountId, {
    ...request.value,
    requestId: id,
  });
  if (!proposed.ok) return failed(proposed.failure);
  // The body of an answer, which is JSON; the type of the wire has no index signature.
  return { outcome: 'succeeded', result: proposed.value.body as unknown as JsonValue };
}

function parseRequest(params: JsonValue): Result<Omit<TransactionRequest, 'requestId'>> {
  const parsed = paramsSchema.safeParse(params);
  if (!parsed.success) return malformed(parsed.error);
  const { script, calls, scopes, allowedContracts, allowedGroups, rules, ...rest } = parsed.data;
  const bytes = parseScript({ script, calls });
  if (!bytes.ok) return bytes;
  const witness = parseScopes({ scopes, allowedContracts, allowedGroups, rules });
  if (!witness.ok) return witness;
  return ok({ ...rest, script: bytes.value, scopes: witness.value });
}
