/**
 * Values of the VM round-trip through JSON and through bytes, and nothing that a node, a contract or
 * a stranger sends does more than be refused. SEED repeats a run.
 */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseApplicationLog } from '../../worker/core/neo/vm/application-log.ts';
import { parseContainedExecution } from '../../worker/core/neo/vm/execution.ts';
import { parseInvocation } from '../../worker/core/neo/vm/invocation.ts';
import { parseBlockNotifications } from '../../worker/core/neo/vm/notification.ts';
import {
  formatStackItem,
  INTEGER_MAX,
  INTEGER_MIN,
  keyName,
  type PrimitiveItem,
  parseStackItem,
  type StackItem,
} from '../../worker/core/neo/vm/stack-item.ts';
import {
  decodeInteger,
  decodeStackItem,
  encodeInteger,
  encodeStackItem,
} from '../../worker/core/neo/vm/stack-item-bytes.ts';
import { runsOf } from '../support/runs.ts';

const { seed, numRuns } = runsOf('neo-stack', { usual: 2_000, slow: 10_000 });

const integer = fc.oneof(fc.bigInt({ min: INTEGER_MIN, max: INTEGER_MAX }), fc.bigInt(-300n, 300n));
const bytes = fc.uint8Array({ maxLength: 80 });
const key: fc.Arbitrary<PrimitiveItem> = fc.oneof(
  fc.record({ type: fc.constant('Boolean' as const), value: fc.boolean() }),
  fc.record({ type: fc.constant('Integer' as const), value: integer }),
  fc.record({
    type: fc.constant('ByteString' as const),
    value: fc.uint8Array({ maxLength: 64 }),
  }),
);

/** `hasBytes`: without what only JSON has. */
const itemOf = (hasBytes: boolean): fc.Arbitrary<StackItem> =>
  fc.letrec<{ item: StackItem }>((tie) => {
    const items = fc.array(tie('item'), { maxLength: 5 });
    const entries = fc.uniqueArray(fc.record({ key, value: tie('item') }), {
      maxLength: 5,
      selector: (entry) => keyName(entry.key),
    });
    const text = fc.option(fc.uuid(), { nil: null });
    const iterator = fc.record({
      id: text,
      values: fc.option(items, { nil: null }),
      truncated: fc.boolean(),
    });
    const both: fc.Arbitrary<StackItem>[] = [
      key,
      fc.constant({ type: 'Any' as const }),
      fc.record({ type: fc.constantFrom('ByteString' as const, 'Buffer' as const), value: bytes }),
      fc.record({ type: fc.constantFrom('Array' as const, 'Struct' as const), value: items }),
      fc.record({ type: fc.constant('Map' as const), value: entries }),
    ];
    const inJson: fc.Arbitrary<StackItem>[] = [
      fc.record({ type: fc.constant('Pointer' as const), value: fc.nat() }),
      fc.record({ type: fc.constant('InteropInterface' as const), iterator }),
    ];
    return { item: fc.oneof({ maxDepth: 4 }, ...both, ...(hasBytes ? [] : inJson)) };
  }).item;

describe('an item of the VM', () => {
  it('is read from the JSON that it is written as', () => {
    fc.assert(
      fc.property(itemOf(false), (item) => {
        const json: unknown = JSON.parse(JSON.stringify(formatStackItem(item)));
        expect(parseStackItem(json)).toEqual({ ok: true, value: item });
      }),
      { seed, numRuns },
    );
  });

  it('is read from the bytes that it is written as', () => {
    fc.assert(
      fc.property(itemOf(true), (item) => {
        const encoded = encodeStackItem(item);
        if (encoded === null) throw new Error('has bytes');
        expect(decodeStackItem(encoded)).toEqual({ ok: true, value: item });
      }),
      { seed, numRuns },
    );
  });

  it('is refused or written again as it was read, whatever the bytes are', () => {
    const codes = fc.constantFrom(0, 0x20, 0x21, 0x28, 0x30, 0x40, 0x41, 0x48, 1, 2, 0xfd);
    const hostile = fc.array(fc.oneof(codes, fc.nat(255)), { maxLength: 60 });
    fc.assert(
      fc.property(hostile, (given) => {
        const read = decodeStackItem(Uint8Array.from(given));
        if (!read.ok) return;
        const again = encodeStackItem(read.value);
        if (again === null) throw new Error('cannot be written');
        expect(decodeStackItem(again)).toEqual(read);
      }),
      { seed, numRuns: 5 * numRuns },
    );
  });

  it('is refused by name, whatever the value is', () => {
    fc.assert(
      fc.property(fc.anything(), (given) => {
        expect(typeof parseStackItem(given).ok).toBe('boolean');
      }),
      { seed, numRuns },
    );
  });
});

describe('an integer of the VM', () => {
  it('is read from its bytes, which are the fewest', () => {
    fc.assert(
      fc.property(integer, (value) => {
        const encoded = encodeInteger(value);
        expect(decodeInteger(encoded)).toBe(value);
        if (encoded.length > 0) expect(decodeInteger(encoded.slice(0, -1))).not.toBe(value);
      }),
      { seed, numRuns },
    );
  });
});

describe('a log, a run and a list of notifications', () => {
  const state = itemOf(false).map((item) => ({ type: 'Array', value: [formatStackItem(item)] }));
  const odd = fc.oneof(fc.jsonValue(), fc.constantFrom(null, -1, '', [], {}));
  const notification = fc.record({
    contract: fc.oneof({ weight: 9, arbitrary: fc.constant(`0x${'ab'.repeat(20)}`) }, odd),
    eventname: fc.oneof({ weight: 9, arbitrary: fc.string() }, odd),
    state: fc.oneof({ weight: 9, arbitrary: state }, odd),
  });
  const execution = fc.record(
    {
      container: fc.constant(`0x${'cd'.repeat(32)}`),
      trigger: fc.oneof(fc.constantFrom('Application', 'OnPersist', 'PostPersist'), odd),
      vmstate: fc.oneof(fc.constantFrom('HALT', 'FAULT'), odd),
      state: fc.oneof(fc.constantFrom('HALT', 'FAULT'), odd),
      gasconsumed: fc.oneof(fc.nat().map(String), odd),
      exception: fc.oneof(fc.constant(null), fc.string(), odd),
      stack: fc.oneof(fc.array(itemOf(false).map(formatStackItem), { maxLength: 3 }), odd),
      notifications: fc.oneof(fc.array(notification, { maxLength: 3 }), odd),
      script: fc.constant('EUA='),
    },
    { requiredKeys: ['trigger'] },
  );

  it('are read or refused with a place that is there', () => {
    const outcomes = { read: 0, refused: 0 };
    fc.assert(
      fc.property(execution, (given) => {
        const log = { txid: `0x${'ef'.repeat(32)}`, executions: [given] };
        for (const read of [
          parseApplicationLog(log),
          parseContainedExecution(given),
          parseInvocation(given),
          parseBlockNotifications({ application: given.notifications }),
        ]) {
          outcomes[read.ok ? 'read' : 'refused'] += 1;
          if (!read.ok) expect(read.misshapen.pointer).toMatch(/^(\/[^/]+)*$/);
        }
      }),
      { seed, numRuns },
    );
    expect(outcomes.read).toBeGreaterThan(0);
    expect(outcomes.refused).toBeGreaterThan(0);
  });
});
