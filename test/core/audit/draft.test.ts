import { describe, expect, it } from 'vitest';
import { parseAuditDraft } from '../../../worker/core/audit/draft.ts';
import { chainEntry, genesisHead, hashEntry } from '../../../worker/core/audit/entry.ts';

const NOW = Date.UTC(2026, 10, 1);
const line = {
  at: '2026-11-01T00:00:00.000Z',
  actor: { kind: 'operator', id: 'root' },
  operation: 'accounts.createAccount',
  outcome: 'ok',
};
const chained = (value: unknown) =>
  chainEntry(genesisHead('acc'), 'aud_1', parseAuditDraft(value, NOW));

describe('parseAuditDraft', () => {
  it('keeps a sound line as it is', () => {
    expect(parseAuditDraft(line, NOW)).toEqual(line);
  });

  it('never refuses: whatever is handed in can be chained and hashed', () => {
    const cycle: Record<string, unknown> = {};
    cycle.self = cycle;
    const lines = [undefined, null, 7, 'text', [], {}, cycle, { ...line, details: cycle }, 10n];
    for (const value of lines) expect(hashEntry(chained(value))).toMatch(/^[0-9a-f]{64}$/);
  });

  it('shows a line beyond repair as one, with what can be shown of it', () => {
    const { operation, outcome, details } = parseAuditDraft({ ...line, actor: 'root' }, NOW);
    expect({ operation, outcome }).toEqual({ operation: 'audit.unreadable', outcome: 'failed' });
    expect(details?.places).toEqual(['actor']);
    expect(details?.line).toContain('accounts.createAccount');
  });

  it('mends texts that have no canonical form and cuts long ones, so none silences the log', () => {
    const entry = chained({
      ...line,
      target: { kind: 'secret', id: '\ud800' },
      details: { long: 'x'.repeat(10_000), cutInPair: `${'y'.repeat(299)}😀` },
    });
    expect(entry.target?.id).toBe('\ufffd');
    expect(String(entry.details?.long)).toHaveLength(300);
    expect(String(entry.details?.cutInPair).isWellFormed()).toBe(true);
    expect(hashEntry(entry)).toBe(entry.hash);
  });

  it('keeps facts flat and few', () => {
    const facts = { deep: { a: [1, { b: 2 }] }, list: ['a', 'b'], nothing: undefined, none: null };
    const { details } = parseAuditDraft({ ...line, details: facts }, NOW);
    expect(details).toEqual({ deep: '{"a":[1,{"b":2}]}', list: ['a', 'b'], none: null });
    const many = Object.fromEntries(Array.from({ length: 50 }, (_, n) => [`f${n}`, n]));
    const bounded = parseAuditDraft({ ...line, details: many }, NOW).details ?? {};
    expect(Object.keys(bounded)).toHaveLength(20);
    const bulky = Object.fromEntries(
      Array.from({ length: 20 }, (_, n) => [`f${n}`, Array(20).fill('x'.repeat(300))]),
    );
    expect(Object.keys(parseAuditDraft({ ...line, details: bulky }, NOW).details ?? {})).toEqual([
      'cut',
    ]);
  });
});
