/**
 * What a sender says became of a transaction, whether it comes as an event or by asking: both lead
 * to the same change of the row.
 */
import * as z from 'zod';
import type { SenderEvent, TransactionView } from '../../../durable-objects/neo-sender/rpc.ts';
import type { Hash256 } from '../../core/neo/hash256.ts';
import { parseHash256 } from '../../core/neo/hash256.ts';
import { VM_STATES, type VmState } from '../../core/neo/vm/execution.ts';
import type { IntentReason, IntentState } from '../../core/neo-sender/intent.ts';
import {
  isEnd,
  leavesOf,
  type Outcome,
  outcomeOf,
  type TransactionReason,
} from '../../core/transactions/status.ts';
import type { TransactionRow } from './store.ts';

export interface Included {
  readonly hash: Hash256;
  readonly blockIndex: number;
  readonly vmState: VmState;
  /** Datoshi. */
  readonly systemFee: number;
  readonly networkFee: number;
}

export interface Told {
  readonly outcome: Outcome;
  readonly at: number;
  readonly reason: TransactionReason | null;
  readonly detail: string | null;
  readonly included: Included | null;
}

/** Null while the sender is at work. */
export function toldByView(view: TransactionView): Told | null {
  const outcome = outcomeOf(view);
  if (outcome === null) return null;
  const { stateSince: at, reason, detail } = view;
  return { outcome, at, reason, detail, included: includedIn(view) };
}

function includedIn({ inclusion, attempts }: TransactionView): Included | null {
  const winner = attempts.find(({ number }) => number === inclusion?.attempt)?.transaction;
  if (inclusion === null || !winner) return null;
  const { blockIndex, vmState } = inclusion;
  const { hash, systemFee, networkFee } = winner;
  return {
    hash,
    blockIndex,
    vmState,
    systemFee: Number(systemFee),
    networkFee: Number(networkFee),
  };
}

const hash = z.string().transform((text, context) => {
  const parsed = parseHash256(text);
  if (parsed !== null) return parsed;
  context.addIssue({ code: 'custom', message: 'not a hash' });
  return z.NEVER;
});
const datoshi = z
  .string()
  .regex(/^\d{1,15}$/)
  .transform(Number);

/** As durable-objects/neo-sender/turn.ts writes it; what else is in it is for others. */
const eventDataSchema = z.object({
  magic: z.int(),
  sender: z.string(),
  reason: z.string().nullable(),
  detail: z.string().nullish(),
  inclusion: z.object({ hash, blockIndex: z.int(), vmState: z.enum(VM_STATES) }).optional(),
  systemFee: datoshi.optional(),
  networkFee: datoshi.optional(),
});

export interface ToldByEvent {
  readonly magic: number;
  readonly sender: string;
  readonly told: Told;
}

/** Null for an event that is no outcome. The sender is ours, so another form is a defect: it throws. */
export function toldByEvent({ type, time, dataJson }: SenderEvent): ToldByEvent | null {
  const data = eventDataSchema.parse(JSON.parse(dataJson));
  // The types of events and the reasons of intents are the sender's own words.
  const state = type.slice('transaction.'.length) as IntentState;
  const reason = data.reason as IntentReason | null;
  const outcome = outcomeOf({ state, reason });
  if (outcome === null) return null;
  const { magic, sender, inclusion, systemFee, networkFee } = data;
  const included =
    inclusion !== undefined && systemFee !== undefined && networkFee !== undefined
      ? { ...inclusion, systemFee, networkFee }
      : null;
  const told = { outcome, at: time, reason, detail: data.detail ?? null, included };
  return { magic, sender, told };
}

/** The row after it; the same row where it may not be moved there. */
export function afterTold(row: TransactionRow, told: Told | null): TransactionRow {
  if (told === null || !leavesOf(told.outcome).includes(row.status)) return row;
  return { ...row, ...changesOf(told) };
}

export const changesOf = ({ outcome, at, reason, detail, included }: Told) => ({
  status: outcome,
  statusSince: at,
  reason,
  detail,
  ...included,
  endedAt: isEnd(outcome) ? at : null,
});
