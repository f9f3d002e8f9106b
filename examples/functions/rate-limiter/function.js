// Decides whether a request may pass, by a token bucket that the caller keeps: state in, state out.
// The clock of a run stands still at its start, so a replay decides the same.
({ bucket, capacity, perSecond, cost = 1, at }) => {
  if (!(capacity > 0 && perSecond > 0 && cost > 0)) throw new RangeError('bounds must be positive');
  const called = at === undefined ? Date.now() : Date.parse(at);
  const filledAt = bucket === undefined ? called : Date.parse(bucket.updatedAt);
  // The state's time never goes back: a clock set back and forth would fill the bucket twice.
  const now = Math.max(called, filledAt);
  const tokens = bucket === undefined ? capacity : bucket.tokens;
  const available = Math.min(capacity, tokens + ((now - filledAt) / 1000) * perSecond);
  const allowed = available >= cost;
  return {
    allowed,
    // A cost beyond the capacity never passes, however long one waits.
    retryAfterSeconds: allowed
      ? 0
      : cost > capacity
        ? null
        : Math.ceil((cost - available) / perSecond),
    bucket: {
      tokens: allowed ? available - cost : available,
      updatedAt: new Date(now).toISOString(),
    },
  };
};
