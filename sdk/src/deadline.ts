/**
 * Time limits of a call. Real timers rather than `AbortSignal.timeout`: they keep a program alive
 * until the call has ended one way or the other, and they are gone at once when it has. Works where
 * `fetch` knows no signals.
 */
export interface Deadline {
  readonly signal: AbortSignal;
  /** True when the time ran out, false when the parent ended it or nothing did. */
  readonly expired: () => boolean;
  readonly stop: () => void;
}

/** Ends after `ms` or with its parent, whichever is first. */
export function startDeadline(ms: number, parent?: AbortSignal): Deadline {
  const controller = new AbortController();
  let expired = false;
  const timer = setTimeout(() => {
    expired = true;
    controller.abort();
  }, ms);
  const follow = (): void => controller.abort(parent?.reason);
  if (parent?.aborted) follow();
  else parent?.addEventListener('abort', follow, { once: true });
  return {
    signal: controller.signal,
    expired: () => expired,
    stop: () => {
      clearTimeout(timer);
      parent?.removeEventListener('abort', follow);
    },
  };
}

/** The outcome of the work, or the reason of the signal when that is first. */
export async function untilAborted<Value>(
  signal: AbortSignal,
  work: Promise<Value>,
): Promise<Value> {
  // The race may be over before the work is; its late failure is nobody's.
  work.catch(() => undefined);
  let stop = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason);
  });
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

export function sleepFor(ms: number, signal: AbortSignal): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const waited = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  return untilAborted(signal, waited).finally(() => clearTimeout(timer));
}
