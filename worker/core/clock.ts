/** Time is an argument in core and in tests: milliseconds since the Unix epoch. */
export type Clock = () => number;

/** RFC 3339 in UTC, millisecond precision; the one form of time on the wire. */
export const toTimestamp = (epochMs: number): string => new Date(epochMs).toISOString();
