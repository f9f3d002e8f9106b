/**
 * When a secret with a maximum age is due, and when its owner is told: 30, 7 and 1 days before, and
 * once when it is due. A notice whose time passed while nobody swept is not made up for: only the
 * latest one that applies is sent.
 */
const DAY_MS = 86_400_000;
const DAYS_BEFORE = [30, 7, 1];

export interface Rotation {
  readonly currentVersion: number;
  readonly rotatedAt: number;
  readonly maxAgeDays: number | null;
  readonly dueNotedVersion: number | null;
}

export const rotationDueAt = ({ rotatedAt, maxAgeDays }: Rotation): number | null =>
  maxAgeDays === null ? null : rotatedAt + maxAgeDays * DAY_MS;

/**
 * The time of the first notice that is still to be sent; a version is reported as due once and
 * never again.
 */
export function nextNoticeAt(rotation: Rotation, now: number): number | null {
  const due = rotationDueAt(rotation);
  if (due === null || rotation.dueNotedVersion === rotation.currentVersion) return null;
  const before = DAYS_BEFORE.map((days) => due - days * DAY_MS);
  return before.find((time) => time > now) ?? due;
}

/** What follows from the secret's rotation; stored beside it for the list and the sweep. */
export const rotationColumns = (rotation: Rotation, now: number) => ({
  rotationDueAt: rotationDueAt(rotation),
  nextNoticeAt: nextNoticeAt(rotation, now),
});
