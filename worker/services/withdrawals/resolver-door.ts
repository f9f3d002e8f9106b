/**
 * The way to the resolver: out by the egress door, never by a redirect, with its bearer token. What
 * it answers is judged by core/withdrawals/resolver.ts; here is only what HTTP says of it.
 */
import { parseGas } from '../../core/money.ts';
import { LIMITS } from '../../core/withdrawals/limits.ts';
import {
  encodeOrder,
  judgeAnswer,
  parseRetryAfter,
  type ResolverOrder,
  type ResolverWord,
  SIGNATURE_HEADER,
} from '../../core/withdrawals/resolver.ts';
import type { Settings } from '../../env.ts';
import { type EgressResponse, egressFetch } from '../../http/egress.ts';

export interface Resolver {
  readonly url: string;
  readonly token: string;
  readonly hmacKey: string;
  /** Datoshi. */
  readonly feeMax: bigint;
}

/** Null where none is configured. */
export function resolverOf(settings: Settings): Resolver | null {
  const { GASBANK_RESOLVER_URL: url, GASBANK_RESOLVER_FEE: fee } = settings;
  if (url === '') return null;
  const feeMax = parseGas(fee, 'GASBANK_RESOLVER_FEE');
  return {
    url: url.replace(/\/+$/, ''),
    token: settings.GASBANK_RESOLVER_KEY,
    hmacKey: settings.GASBANK_RESOLVER_HMAC_KEY,
    // Zero is no amount, and no fee.
    feeMax: feeMax.ok ? feeMax.value : 0n,
  };
}

export type Heard =
  | { readonly kind: 'word'; readonly word: ResolverWord }
  /** It asked to be left alone for so long. */
  | { readonly kind: 'busy'; readonly forMs: number | null }
  | { readonly kind: 'nothing'; readonly detail: string };

export interface Question {
  readonly resolver: Resolver;
  readonly order: ResolverOrder;
  /** `pay` for as long as it has not said that it has the order; then `look`. */
  readonly act: 'pay' | 'look';
  readonly now: number;
}

export async function askResolver(settings: Settings, question: Question): Promise<Heard> {
  const { resolver, order, act, now } = question;
  const path = act === 'pay' ? '/withdrawals' : `/withdrawals/${order.id}`;
  const answer = await egressFetch(
    {
      url: `${resolver.url}${path}`,
      method: act === 'pay' ? 'POST' : 'GET',
      headers: [
        ['authorization', `Bearer ${resolver.token}`],
        ['accept', 'application/json'],
        ...(act === 'pay'
          ? ([
              ['content-type', 'application/json'],
              ['idempotency-key', order.id],
            ] as const)
          : []),
      ],
      ...(act === 'pay' ? { body: encodeOrder(order) } : {}),
    },
    {
      policy: { allow: settings.EGRESS_ALLOW, ownHosts: settings.OWN_HOSTS },
      fetch: (url, init) => fetch(url, init),
      bounds: { responseBytesMax: LIMITS.resolverAnswerBytesMax.value, redirectsMax: 0 },
    },
  );
  return answer.ok
    ? heardIn(answer.value, question, now)
    : { kind: 'nothing', detail: answer.failure.code };
}

const BUSY: ReadonlySet<number> = new Set([429, 503]);

function heardIn(
  { status, headers, body }: EgressResponse,
  { resolver, order }: Question,
  now: number,
): Heard {
  const header = (name: string) => headers.find(([key]) => key.toLowerCase() === name)?.[1] ?? null;
  if (BUSY.has(status)) return { kind: 'busy', forMs: parseRetryAfter(header('retry-after'), now) };
  if (status < 200 || status > 299) return { kind: 'nothing', detail: `status ${String(status)}` };
  const signature = header(SIGNATURE_HEADER);
  return { kind: 'word', word: judgeAnswer({ body, signature }, order, resolver.hmacKey) };
}
