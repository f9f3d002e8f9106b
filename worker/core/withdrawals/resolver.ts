/**
 * What a resolver says about a withdrawal that it pays in the vault's place. Money moves on a verdict
 * alone, and a verdict is signed: HMAC-SHA-256 over the very bytes of the body, which name the
 * withdrawal, the network, the receiver and the amount, so that one given for another id proves
 * nothing here. Whatever else comes back, an error, a page of a proxy or silence, says nothing about
 * money: the withdrawal stays open until somebody says it.
 */
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import * as z from 'zod';
import { formatGas, parseGas } from '../money.ts';
import { LIMITS } from './limits.ts';

export const SIGNATURE_HEADER = 'x-resolver-signature';

/** What the resolver is asked to pay; the same bytes every time. */
export interface ResolverOrder {
  readonly id: string;
  readonly network: string;
  readonly networkMagic: number;
  readonly to: string;
  /** Datoshi. */
  readonly amount: bigint;
}

export const encodeOrder = ({ amount, ...named }: ResolverOrder): Uint8Array =>
  utf8ToBytes(JSON.stringify({ ...named, amount: formatGas(amount) }));

export type ResolverWord =
  | { readonly kind: 'pending' }
  | { readonly kind: 'paid'; readonly fee: bigint; readonly reference: string | null }
  | { readonly kind: 'failed'; readonly detail: string | null }
  /** A verdict about something else than was asked, or by nobody who has the key. */
  | { readonly kind: 'refused'; readonly detail: string };

export interface ResolverAnswer {
  readonly body: Uint8Array;
  readonly signature: string | null;
}

const TEXT_MAX = 200;
const answerSchema = z.object({
  id: z.string(),
  status: z.enum(['pending', 'paid', 'failed']),
  network: z.string().optional(),
  networkMagic: z.number().optional(),
  to: z.string().optional(),
  amount: z.string().optional(),
  fee: z.string().optional(),
  reference: z.string().max(TEXT_MAX).optional(),
  detail: z.string().max(TEXT_MAX).optional(),
});
type Said = z.output<typeof answerSchema>;

/** `key`: at least 32 characters, known to the resolver and us alone. */
export function judgeAnswer(
  answer: ResolverAnswer,
  order: ResolverOrder,
  key: string,
): ResolverWord {
  const said = parseAnswer(answer.body);
  if (said === null) return refused('it is no answer of a resolver');
  if (said.status === 'pending') return { kind: 'pending' };
  if (!isSigned(answer, key)) return refused('its verdict is not signed with our key');
  if (said.id !== order.id) return refused('its verdict is about another withdrawal');
  const isSame =
    said.network === order.network &&
    said.networkMagic === order.networkMagic &&
    said.to === order.to &&
    said.amount === formatGas(order.amount);
  if (!isSame) return refused('its verdict names another network, receiver or amount');
  return said.status === 'failed' ? { kind: 'failed', detail: said.detail ?? null } : paid(said);
}

function paid({ fee, reference }: Said): ResolverWord {
  const parsed = fee === undefined || /^0(\.0+)?$/.test(fee) ? null : parseGas(fee, '/fee');
  if (parsed !== null && !parsed.ok) return refused('its fee is no amount of GAS');
  return { kind: 'paid', fee: parsed?.value ?? 0n, reference: reference ?? null };
}

const refused = (detail: string): ResolverWord => ({ kind: 'refused', detail });

function parseAnswer(body: Uint8Array): Said | null {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body));
  } catch {
    return null; // Not UTF-8, or not JSON: both say nothing.
  }
  const parsed = answerSchema.safeParse(json);
  return parsed.success ? parsed.data : null;
}

function isSigned({ body, signature }: ResolverAnswer, key: string): boolean {
  if (signature === null || !/^[0-9a-f]{64}$/.test(signature)) return false;
  const expected = hmac(sha256, utf8ToBytes(key), body);
  const given = hexToBytes(signature);
  // In constant time: each byte that is right must not show.
  let difference = 0;
  for (const [index, byte] of expected.entries()) difference |= byte ^ (given[index] ?? 0);
  return difference === 0;
}

/** RFC 9110 section 10.2.3: seconds or a date; null for what is neither. */
export function parseRetryAfter(text: string | null, now: number): number | null {
  if (text === null) return null;
  const ms = /^\d{1,9}$/.test(text) ? Number(text) * 1_000 : Date.parse(text) - now;
  if (!Number.isFinite(ms)) return null;
  return Math.min(Math.max(ms, 0), LIMITS.resolverRetryAfterMsMax.value);
}

/** Twice as long each time. */
export const retryMsOf = (attempt: number): number =>
  Math.min(
    LIMITS.withdrawalRetryMsStart.value * 2 ** Math.min(attempt, 20),
    LIMITS.withdrawalRetryMsMax.value,
  );
