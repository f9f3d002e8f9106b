/** M3: the vault's word about a payment, against whoever would have it say something else. */
import { describe, expect, it } from 'vitest';
import { encodeScriptHash, type ScriptHash } from '../../../worker/core/neo/script-hash.ts';
import type { RunOutcome } from '../../../worker/core/neo/vm/execution.ts';
import type { Notification } from '../../../worker/core/neo/vm/notification.ts';
import { judgePayment } from '../../../worker/core/withdrawals/payment-event.ts';
import { repeatedHash } from '../../support/repeated-hash.ts';

const VAULT = repeatedHash('a');
const TO = repeatedHash('1');
const ID = new Uint8Array(32).fill(7);
const EXPECTED = { vault: VAULT, method: 'release', id: ID, to: TO, amount: 500n } as const;

interface Fields {
  readonly contract?: ScriptHash;
  readonly eventName?: string;
  readonly id?: Uint8Array;
  readonly to?: ScriptHash;
  readonly amount?: bigint;
}

const event = (fields: Fields = {}): Notification => {
  const { contract = VAULT, eventName = 'Released', id = ID, to = TO, amount = 500n } = fields;
  return {
    contract,
    eventName,
    state: [
      { type: 'ByteString', value: id },
      { type: 'ByteString', value: encodeScriptHash(to) },
      { type: 'Integer', value: amount },
    ],
  };
};

const run = (notifications: readonly Notification[], vmState: 'HALT' | 'FAULT' = 'HALT') =>
  ({ vmState, exception: null, gasConsumedDatoshi: 1n, stack: [], notifications }) as RunOutcome;

it('is equal in id, account and amount', () => {
  const others = [event({ contract: repeatedHash('b') }), event({ eventName: 'Transfer' })];
  expect(judgePayment(run([...others, event()]), EXPECTED)).toBe('equal');
});

describe('differs', () => {
  it.each<[string, readonly Notification[]]>([
    ['another amount', [event({ amount: 501n })]],
    ['another account', [event({ to: repeatedHash('2') })]],
    ['another id', [event({ id: new Uint8Array(32).fill(8) })]],
    ['a shorter id', [event({ id: ID.subarray(0, 31) })]],
    ['another contract', [event({ contract: repeatedHash('b') })]],
    ['the event of a refill', [event({ eventName: 'Refilled' })]],
    ['the event twice', [event(), event()]],
    ['another payment beside it', [event(), event({ id: new Uint8Array(32) })]],
    ['no event', []],
    ['a state that the node could not print', [{ ...event(), state: null }]],
    ['a fourth value', [{ ...event(), state: [...(event().state ?? []), { type: 'Any' }] }]],
  ])('%s', (_name, notifications) => {
    expect(judgePayment(run(notifications), EXPECTED)).toBe('differs');
  });

  it('a run that faulted, whatever it lists', () => {
    expect(judgePayment(run([event()], 'FAULT'), EXPECTED)).toBe('differs');
  });
});

it('takes the event of a refill for a refill alone', () => {
  const refill = { ...EXPECTED, method: 'refill' } as const;
  expect(judgePayment(run([event({ eventName: 'Refilled' })]), refill)).toBe('equal');
  expect(judgePayment(run([event()]), refill)).toBe('differs');
});
