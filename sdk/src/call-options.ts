/**
 * What a client and a single call can be told. Every bound has a default and a range; outside it
 * nothing is sent.
 */
import { clientError } from './errors.ts';

/** One attempt of a call, for logs and metrics. Holds no token, no body and no query. */
export interface Attempt {
  readonly operation: string;
  /** 1 for the first. */
  readonly attempt: number;
  readonly durationMs: number;
  /** Absent when there was no answer. */
  readonly status?: number;
  readonly requestId?: string;
  /** Absent when the attempt succeeded. */
  readonly errorCode?: string;
  /** Set when another attempt follows. */
  readonly retryInMs?: number;
}

export interface ClientOptions {
  /**
   * `https://api.example.com`, a path prefix allowed. Plain http only to this machine, unless
   * allowed.
   */
  readonly baseUrl: string;
  /** An account's API key or an operator token. Public operations need none. */
  readonly token?: string | undefined;
  /**
   * Signs calls for which an account can require it (RFC 9421): the Ed25519 key whose public half the
   * credential was made with. A private JWK (RFC 8037), or a pair of WebCrypto, which may be one that
   * nobody can export.
   */
  readonly signingKey?: CryptoKeyPair | JsonWebKey | undefined;
  /**
   * The address that the platform sees where a proxy changes it, since signatures cover the whole URL.
   * `baseUrl` when absent.
   */
  readonly signedBaseUrl?: string | undefined;
  readonly fetch?: typeof globalThis.fetch | undefined;
  /** For one attempt, until the last byte of its answer. Default 60 s. */
  readonly attemptTimeoutMs?: number | undefined;
  /** For the whole call, waits between attempts included. Default 180 s. */
  readonly timeoutMs?: number | undefined;
  /**
   * Attempts after the first, for calls that may be repeated. Default 3, at most 10; 0 turns
   * retries off.
   */
  readonly retries?: number | undefined;
  /** Larger answers are given up while reading. Default 32 MiB. */
  readonly responseBytesMax?: number | undefined;
  /** Added as `User-Agent` where the platform lets programs set it (browsers do not). */
  readonly userAgent?: string | undefined;
  /**
   * Lets the token travel unencrypted to a host that is not this machine. For closed networks only.
   */
  readonly allowPlainHttp?: boolean | undefined;
  /** Called after each attempt; must not throw. */
  readonly onAttempt?: ((attempt: Attempt) => void) | undefined;
  /** In [0, 1), for the jitter of waits; replaced in tests. */
  readonly random?: (() => number) | undefined;
  /** Waits between attempts; replaced in tests. Rejects when the signal ends it. */
  readonly sleep?: ((ms: number, signal: AbortSignal) => Promise<void>) | undefined;
}

export interface CallOptions {
  /**
   * Your own key, so that a repeated call of your program has its effect once. One is made when
   * absent.
   */
  readonly idempotencyKey?: string | undefined;
  /**
   * The `ETag` the change is based on; 412 `request.precondition_failed` when it has changed since.
   */
  readonly ifMatch?: string | undefined;
  /** W3C Trace Context; continued in the platform's logs. */
  readonly traceparent?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly attemptTimeoutMs?: number | undefined;
  readonly timeoutMs?: number | undefined;
  readonly retries?: number | undefined;
}

export interface Bounds {
  readonly attemptTimeoutMs: number;
  readonly timeoutMs: number;
  readonly retries: number;
  readonly responseBytesMax: number;
}

interface Bound {
  readonly standard: number;
  readonly min: number;
  readonly max: number;
}

const TIMER_MS_MAX = 2_147_483_647;

const BOUNDS: Readonly<Record<keyof Bounds, Bound>> = {
  attemptTimeoutMs: { standard: 60_000, min: 1, max: TIMER_MS_MAX },
  timeoutMs: { standard: 180_000, min: 1, max: TIMER_MS_MAX },
  retries: { standard: 3, min: 0, max: 10 },
  responseBytesMax: { standard: 33_554_432, min: 1, max: Number.MAX_SAFE_INTEGER },
};

/** The bounds of one call: its own, else the client's, else the standard ones. */
export function parseBounds(
  client: Partial<Readonly<Record<keyof Bounds, number | undefined>>>,
  call: Partial<Readonly<Record<keyof Bounds, number | undefined>>> = {},
): Bounds {
  const pick = (name: keyof Bounds): number => {
    const { standard, min, max } = BOUNDS[name];
    const value = call[name] ?? client[name] ?? standard;
    if (!Number.isInteger(value) || value < min || value > max)
      throw clientError(
        'client.input_invalid',
        `${name} must be a whole number from ${min} to ${max}.`,
      );
    return value;
  };
  return {
    attemptTimeoutMs: pick('attemptTimeoutMs'),
    timeoutMs: pick('timeoutMs'),
    retries: pick('retries'),
    responseBytesMax: pick('responseBytesMax'),
  };
}
