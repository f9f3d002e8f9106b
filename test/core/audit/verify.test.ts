/**
 * The attacker holds the storage: every row can be edited, dropped, added or moved, and hashes
 * recomputed. What the attacker does not hold is the bridge's key and the checkpoint the reader
 * kept from last time.
 */
import { p256 } from '@noble/curves/nist.js';
import { base64urlnopad } from '@scure/base';
import { describe, expect, it } from 'vitest';
import {
  type AuditCheckpoint,
  encodeCheckpoint,
  type SignedCheckpoint,
} from '../../../worker/core/audit/checkpoint.ts';
import {
  type AuditDraft,
  type AuditEntry,
  chainEntry,
  genesisHead,
  hashEntry,
} from '../../../worker/core/audit/entry.ts';
import {
  type AuditExport,
  parseAuditExport,
  verifyAuditExport,
} from '../../../worker/core/audit/verify.ts';
import { type Signature, signingInput } from '../../../worker/core/crypto/signature.ts';

const ACCOUNT = 'acc_payer';
const SECRET_KEY = new Uint8Array(32).fill(7);
const STRANGERS_KEY = new Uint8Array(32).fill(8);
const AT = '2026-11-01T10:00:00.000Z';

const draftOf = (n: number): AuditDraft => ({
  at: AT,
  actor: { kind: 'apiKey', id: `key_${n}`, name: 'deploy' },
  operation: 'secrets.createSecret',
  outcome: 'ok',
  target: { kind: 'secret', id: `sec_${n}` },
  requestId: `req_${n}`,
  traceId: '0af7651916cd43dd8448eb211c80319c',
  details: { name: 'API_KEY', version: n, scopes: ['read', 'write'] },
});

function chain(count: number, account = ACCOUNT): AuditEntry[] {
  const entries: AuditEntry[] = [];
  for (let n = 1; n <= count; n += 1)
    entries.push(chainEntry(entries.at(-1) ?? genesisHead(account), `aud_${n}`, draftOf(n)));
  return entries;
}

function sign(checkpoint: AuditCheckpoint, key = SECRET_KEY): SignedCheckpoint {
  const message = signingInput('audit-checkpoint', encodeCheckpoint(checkpoint));
  const value = base64urlnopad.encode(p256.sign(message, key));
  return {
    checkpoint,
    signature: { algorithm: 'ES256', keyId: '00'.repeat(8), value, attested: false },
  };
}

const isSigned = (payload: Uint8Array, signature: Signature): boolean =>
  p256.verify(
    base64urlnopad.decode(signature.value),
    signingInput('audit-checkpoint', payload),
    p256.getPublicKey(SECRET_KEY),
  );

function checkpointAt(
  entries: readonly AuditEntry[],
  sequence: number,
  change = {},
): AuditCheckpoint {
  const hash = entries.find((entry) => entry.sequence === sequence)?.hash ?? '';
  return { accountId: ACCOUNT, sequence, hash, entries: 4, at: AT, cutBefore: 1, ...change };
}

/** Ten entries, checkpoints at 4 and 8. */
function soundLog(): { entries: AuditEntry[]; checkpoints: SignedCheckpoint[] } {
  const entries = chain(10);
  return { entries, checkpoints: [sign(checkpointAt(entries, 4)), sign(checkpointAt(entries, 8))] };
}

const verify = (log: Partial<AuditExport>, lastKnown?: SignedCheckpoint) =>
  verifyAuditExport({
    log: { accountId: ACCOUNT, entries: [], checkpoints: [], ...log },
    isSigned,
    ...(lastKnown === undefined ? {} : { lastKnown }),
  });

const faultOf = (log: Partial<AuditExport>, lastKnown?: SignedCheckpoint) => {
  const verdict = verify(log, lastKnown);
  return verdict.ok
    ? undefined
    : { kind: verdict.failure.kind, sequence: verdict.failure.sequence };
};

/** Recomputes links and hashes from `sequence` on, as a thief of the storage can. */
function rechainFrom(entries: readonly AuditEntry[], sequence: number): AuditEntry[] {
  const done: AuditEntry[] = [];
  for (const entry of entries) {
    if (entry.sequence < sequence) {
      done.push(entry);
      continue;
    }
    const { hash: _old, previousHash: _before, sequence: _at, id, ...draft } = entry;
    done.push(chainEntry(done.at(-1) ?? genesisHead(ACCOUNT), id, draft));
  }
  return done;
}

const at = <Value>(values: readonly Value[], index: number): Value => {
  const value = values[index];
  if (value === undefined) throw new Error(`no element ${index}`);
  return value;
};

describe('verifyAuditExport', () => {
  it('accepts a sound log and tells how far signatures reach', () => {
    const { entries, checkpoints } = soundLog();
    const verdict = verify({ entries, checkpoints });
    expect(verdict).toEqual({
      ok: true,
      value: {
        accountId: ACCOUNT,
        firstSequence: 1,
        lastSequence: 10,
        lastHash: at(entries, 9).hash,
        checkpoints: 2,
        signatures: 'checked',
        coveredThrough: 8,
        newestCheckpoint: checkpoints[1],
      },
    });
  });

  it('accepts an empty log of an account in which nothing happened', () => {
    expect(verify({}).ok).toBe(true);
  });

  it('survives the way through a file', () => {
    const { entries, checkpoints } = soundLog();
    const parsed = parseAuditExport(
      JSON.parse(JSON.stringify({ accountId: ACCOUNT, entries, checkpoints })),
    );
    expect(parsed.ok && verify(parsed.value).ok).toBe(true);
  });

  it('says that signatures were not checked when it has no keys', () => {
    const { entries, checkpoints } = soundLog();
    const log = { accountId: ACCOUNT, entries, checkpoints };
    const verdict = verifyAuditExport({ log });
    expect(verdict.ok && verdict.value.signatures).toBe('unchecked');
  });
});

describe('a changed field', () => {
  const changes: [string, Partial<AuditEntry>][] = [
    ['id', { id: 'aud_x' }],
    ['at', { at: '2026-11-01T10:00:00.001Z' }],
    ['actor.kind', { actor: { kind: 'operator', id: 'key_5', name: 'deploy' } }],
    ['actor.id', { actor: { kind: 'apiKey', id: 'key_6', name: 'deploy' } }],
    ['actor.name', { actor: { kind: 'apiKey', id: 'key_5' } }],
    ['operation', { operation: 'secrets.deleteSecret' }],
    ['outcome', { outcome: 'refused' }],
    ['target', { target: { kind: 'secret', id: 'sec_6' } }],
    ['requestId', { requestId: 'req_6' }],
    ['traceId', { traceId: '1af7651916cd43dd8448eb211c80319c' }],
    ['details', { details: { name: 'API_KEY', version: 6, scopes: ['read', 'write'] } }],
    ['hash', { hash: 'ab'.repeat(32) }],
  ];
  it.each(changes)('is found: %s', (_field, change) => {
    const { entries, checkpoints } = soundLog();
    entries[4] = { ...at(entries, 4), ...change };
    expect(faultOf({ entries, checkpoints })).toEqual({ kind: 'entry_changed', sequence: 5 });
  });

  it.each(changes)('is found when its own hash was recomputed: %s', (field, change) => {
    const { entries, checkpoints } = soundLog();
    const changed = { ...at(entries, 4), ...change };
    entries[4] = field === 'hash' ? changed : { ...changed, hash: hashEntry(changed) };
    const fault = faultOf({ entries, checkpoints });
    expect(fault?.sequence).toBe(field === 'hash' ? 5 : 6);
  });

  it('is found when a field is taken away or added', () => {
    const { entries, checkpoints } = soundLog();
    const { details: _dropped, ...without } = at(entries, 4);
    const gone = entries.with(4, without);
    expect(faultOf({ entries: gone, checkpoints })).toEqual({ kind: 'entry_changed', sequence: 5 });
    const file = {
      accountId: ACCOUNT,
      entries: [{ ...at(entries, 0), note: 'x' }],
      checkpoints: [],
    };
    const parsed = parseAuditExport(file);
    expect(parsed.ok ? undefined : parsed.failure.kind).toBe('malformed');
    expect(parsed.ok ? undefined : parsed.failure.sequence).toBe(1);
  });
});

describe('a moved entry', () => {
  it('is found when one was dropped', () => {
    for (let index = 0; index < 10; index += 1) {
      const { entries, checkpoints } = soundLog();
      entries.splice(index, 1);
      // The tail after the last checkpoint is the accepted weakness: see the last test of this
      // file.
      const expected = index === 9 ? undefined : { kind: 'entry_missing', sequence: index + 1 };
      expect(faultOf({ entries, checkpoints })).toEqual(expected);
    }
  });

  it('is found when two were swapped', () => {
    const { entries, checkpoints } = soundLog();
    const swapped = entries.with(4, at(entries, 5)).with(5, at(entries, 4));
    expect(faultOf({ entries: swapped, checkpoints })).toEqual({
      kind: 'entry_missing',
      sequence: 5,
    });
  });

  it('is found when two contents were swapped under their numbers', () => {
    const { entries, checkpoints } = soundLog();
    const [fifth, sixth] = [at(entries, 4), at(entries, 5)];
    const swapped = entries.with(4, { ...sixth, sequence: 5 }).with(5, { ...fifth, sequence: 6 });
    expect(faultOf({ entries: swapped, checkpoints })?.sequence).toBe(5);
  });

  it('is found when one stands there twice', () => {
    const { entries, checkpoints } = soundLog();
    const twice = entries.toSpliced(5, 0, at(entries, 4));
    expect(faultOf({ entries: twice, checkpoints })).toEqual({
      kind: 'entry_misplaced',
      sequence: 6,
    });
  });
});

describe('a chain made anew', () => {
  it('is found by the checkpoint it covers, from wherever it starts', () => {
    for (const from of [1, 2, 4, 5, 8]) {
      const { entries, checkpoints } = soundLog();
      entries[from - 1] = { ...at(entries, from - 1), outcome: 'refused' };
      const log = { entries: rechainFrom(entries, from), checkpoints };
      const covering = from <= 4 ? 4 : 8;
      expect(faultOf(log)).toEqual({ kind: 'checkpoint_mismatch', sequence: covering });
    }
  });

  it('is found by the last known checkpoint when all in the file were dropped or made anew', () => {
    const { entries, checkpoints } = soundLog();
    entries[1] = { ...at(entries, 1), outcome: 'refused' };
    const rechained = rechainFrom(entries, 2);
    const lastKnown = at(checkpoints, 1);
    const expected = { kind: 'checkpoint_mismatch', sequence: 8 };
    expect(faultOf({ entries: rechained }, lastKnown)).toEqual(expected);
    const signedAnew = [sign(checkpointAt(rechained, 4)), sign(checkpointAt(rechained, 8))];
    expect(faultOf({ entries: rechained, checkpoints: signedAnew }, lastKnown)).toEqual(expected);
  });

  it('is found by the signature when the thief signs with another key', () => {
    const { entries } = soundLog();
    const rechained = rechainFrom(entries.with(1, { ...at(entries, 1), outcome: 'no' }), 2);
    const forged = [sign(checkpointAt(rechained, 4), STRANGERS_KEY)];
    expect(faultOf({ entries: rechained, checkpoints: forged })).toEqual({
      kind: 'signature_invalid',
      sequence: 4,
    });
  });

  it('cannot use the signature of a receipt', () => {
    const { entries } = soundLog();
    const checkpoint = checkpointAt(entries, 4);
    const message = signingInput('receipt', encodeCheckpoint(checkpoint));
    const value = base64urlnopad.encode(p256.sign(message, SECRET_KEY));
    const moved = { checkpoint, signature: { ...sign(checkpoint).signature, value } };
    expect(faultOf({ entries, checkpoints: [moved] })?.kind).toBe('signature_invalid');
  });
});

describe('a cut log', () => {
  it('is found at its end when the file itself promises more', () => {
    const { entries, checkpoints } = soundLog();
    expect(faultOf({ entries: entries.slice(0, 6), checkpoints })).toEqual({
      kind: 'truncated',
      sequence: 7,
    });
  });

  it('is found at its end by the last known checkpoint', () => {
    const { entries, checkpoints } = soundLog();
    const lastKnown = at(checkpoints, 1);
    const cut = { entries: entries.slice(0, 7), checkpoints: checkpoints.slice(0, 1) };
    expect(faultOf(cut, lastKnown)).toEqual({ kind: 'truncated', sequence: 8 });
    expect(faultOf({}, lastKnown)).toEqual({ kind: 'truncated', sequence: 1 });
  });

  it('is found at its beginning', () => {
    const { entries, checkpoints } = soundLog();
    const log = { entries: entries.slice(4), checkpoints };
    expect(faultOf(log)).toEqual({ kind: 'entry_missing', sequence: 1 });
  });

  it('is found when a checkpoint was left out between two', () => {
    const { entries, checkpoints } = soundLog();
    const third = sign(checkpointAt(entries, 10, { entries: 2 }));
    const log = { entries, checkpoints: [at(checkpoints, 0), third] };
    expect(faultOf(log)).toEqual({ kind: 'checkpoint_missing', sequence: 10 });
  });

  it('is accepted where a signed checkpoint announced it, and only there', () => {
    const { entries, checkpoints } = soundLog();
    const announcing = sign(checkpointAt(entries, 10, { entries: 2, cutBefore: 5 }));
    const all = [...checkpoints, announcing];
    expect(verify({ entries: entries.slice(4), checkpoints: all }).ok).toBe(true);
    expect(verify({ entries, checkpoints: all }).ok).toBe(true);
    const unvouched = { entries: entries.slice(2), checkpoints: all };
    expect(faultOf(unvouched)).toEqual({ kind: 'checkpoint_missing', sequence: 2 });
    const tooMuch = { entries: entries.slice(6), checkpoints: all };
    expect(faultOf(tooMuch)).toEqual({ kind: 'entry_missing', sequence: 5 });
    const unanchored = { entries: entries.slice(4), checkpoints: all.slice(1) };
    expect(faultOf(unanchored)).toEqual({ kind: 'checkpoint_missing', sequence: 4 });
  });
});

describe('going on from the last known checkpoint', () => {
  it('needs only what came after it', () => {
    const { entries, checkpoints } = soundLog();
    const lastKnown = at(checkpoints, 0);
    const later = { entries: entries.slice(4), checkpoints: checkpoints.slice(1) };
    expect(verify(later, lastKnown).ok).toBe(true);
    const overlapping = { entries: entries.slice(2), checkpoints: checkpoints.slice(1) };
    expect(verify(overlapping, lastKnown).ok).toBe(true);
  });

  it('finds a later part that does not follow on it', () => {
    const { entries, checkpoints } = soundLog();
    const other = rechainFrom(entries.with(0, { ...at(entries, 0), outcome: 'no' }), 1);
    const log = { entries: other.slice(4) };
    expect(faultOf(log, at(checkpoints, 0))).toEqual({ kind: 'chain_broken', sequence: 5 });
    const gap = { entries: entries.slice(5) };
    expect(faultOf(gap, at(checkpoints, 0))).toEqual({ kind: 'entry_missing', sequence: 5 });
  });
});

describe('the log of another account', () => {
  it('is found by its first entry and by its checkpoints', () => {
    const entries = chain(3, 'acc_stranger');
    expect(faultOf({ entries })).toEqual({ kind: 'chain_broken', sequence: 1 });
    const checkpoint = sign({ ...checkpointAt(chain(4), 4), accountId: 'acc_stranger' });
    const log = { entries: chain(4), checkpoints: [checkpoint] };
    expect(faultOf(log)).toEqual({ kind: 'other_account', sequence: 4 });
  });
});

describe('the accepted weakness', () => {
  it('is the tail no checkpoint covers: its loss shows only to who knew it, never before', () => {
    const { entries, checkpoints } = soundLog();
    expect(verify({ entries: entries.slice(0, 8), checkpoints }).ok).toBe(true);
    const lastKnown = sign(checkpointAt(entries, 10, { entries: 2 }));
    expect(faultOf({ entries: entries.slice(0, 8), checkpoints }, lastKnown)?.kind).toBe(
      'truncated',
    );
  });
});
