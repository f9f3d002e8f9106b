/**
 * Turns whatever was handed in as an audit line into one that can be chained. Nothing is refused
 * for its form: a line that could not be written would block every later one behind it in the
 * outbox, and an attacker who finds a text that breaks the log would silence it. So texts are made
 * well-formed and cut, nested facts become their JSON text, and a line beyond repair becomes an
 * entry `audit.unreadable` that says so and keeps what can be shown.
 */
import { toTimestamp } from '../clock.ts';
import { type AuditActor, type AuditDraft, type AuditFact, auditDraftSchema } from './entry.ts';
import { LIMITS } from './limits.ts';

export const SYSTEM_ACTOR: AuditActor = { kind: 'system', id: 'journal' };

export function parseAuditDraft(line: unknown, now: number): AuditDraft {
  const bounded = boundDraft(line);
  const parsed = auditDraftSchema.safeParse(bounded);
  if (parsed.success) return parsed.data;
  const places = parsed.error.issues.map((issue) => issue.path.join('.')).slice(0, 5);
  return {
    at: toTimestamp(now),
    actor: SYSTEM_ACTOR,
    operation: 'audit.unreadable',
    outcome: 'failed',
    details: { places, line: toText(line) },
  };
}

function boundDraft(line: unknown): unknown {
  if (!isRecord(line)) return line;
  const entries = Object.entries(line).filter(([, value]) => value !== undefined);
  return Object.fromEntries(
    entries.map(([name, value]) => [name, name === 'details' ? boundFacts(value) : bound(value)]),
  );
}

/** Texts one level down too: actor and target. */
function bound(value: unknown): unknown {
  if (typeof value === 'string') return cut(value);
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .map(([name, member]) => [name, typeof member === 'string' ? cut(member) : member]),
  );
}

function boundFacts(details: unknown): unknown {
  if (!isRecord(details)) return details;
  const facts = Object.entries(details).filter(([, value]) => value !== undefined);
  const bounded = Object.fromEntries(
    facts
      .slice(0, LIMITS.auditDetailsMax.value)
      .map(([name, value]) => [cut(name), toFact(value)] as const),
  );
  const text = JSON.stringify(bounded);
  return text.length <= LIMITS.auditDetailsCharsMax.value ? bounded : { cut: cut(text) };
}

function toFact(value: unknown): AuditFact {
  if (typeof value === 'string') return cut(value);
  if (value === null || typeof value === 'boolean') return value;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  if (Array.isArray(value) && value.every((item) => typeof item === 'string'))
    return value.slice(0, LIMITS.auditDetailsMax.value).map(cut);
  return toText(value);
}

function toText(value: unknown): string {
  try {
    return cut(JSON.stringify(value) ?? String(value));
  } catch {
    // A cycle or a BigInt: shown by its type, since it has no JSON text.
    return typeof value;
  }
}

/**
 * A lone surrogate has no canonical form, and one left by the cut would be one; both become U+FFFD.
 */
const cut = (text: string): string => text.slice(0, LIMITS.auditTextCharsMax.value).toWellFormed();

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
