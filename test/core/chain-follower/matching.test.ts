/** The index of subscriptions against the plain definition of a match. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Subscription,
  SubscriptionIndex,
} from '../../../worker/core/chain-follower/matching.ts';
import { scriptHashOf } from './model-chain.ts';

const contract = fc.constantFrom(...['a', 'b', 'c'].map(scriptHashOf));
const eventName = fc.constantFrom('Transfer', 'Stored', '');
const subscription: fc.Arbitrary<Subscription> = fc.record({
  subscriberId: fc.constantFrom('one', 'two', 'three'),
  contract,
  eventName: fc.option(eventName),
  fromHeight: fc.nat(10),
});

const keyOf = ({ subscriberId, contract: hash, eventName: name }: Subscription) =>
  JSON.stringify([subscriberId, hash, name]);

describe('SubscriptionIndex', () => {
  it('matches what the subscriptions say, each subscriber once', () => {
    const step = fc.record({ isAdded: fc.boolean(), subscription });
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 40 }),
        fc.record({ height: fc.nat(12), contract, eventName }),
        (steps, event) => {
          const index = new SubscriptionIndex();
          const held = new Map<string, Subscription>();
          for (const { isAdded, subscription: one } of steps) {
            if (isAdded) {
              index.add(one);
              held.set(keyOf(one), one);
            } else {
              index.remove(one);
              held.delete(keyOf(one));
            }
          }
          const wanting = [...held.values()].filter(
            (one) =>
              one.contract === event.contract &&
              (one.eventName === null || one.eventName === event.eventName) &&
              one.fromHeight <= event.height,
          );
          const expected = [...new Set(wanting.map(({ subscriberId }) => subscriberId))];
          expect([...index.match(event)].sort()).toEqual(expected.sort());
          expect(index.size).toBe(held.size);
        },
      ),
    );
  });

  it('looks at no subscription of another contract, however many there are', () => {
    const index = new SubscriptionIndex();
    const visited: number[] = [];
    for (let number = 0; number < 10_000; number += 1) {
      // A height that tells when it is compared, which is once a subscription that is looked at.
      const fromHeight = {
        valueOf: () => {
          visited.push(number);
          return 0;
        },
      } as unknown as number;
      const name = number % 100 === 0 ? 'hot' : `own ${String(number)}`;
      const hash = scriptHashOf(name);
      index.add({
        subscriberId: `s${String(number)}`,
        contract: hash,
        eventName: null,
        fromHeight,
      });
    }
    const event = { height: 1, eventName: 'Stored' };
    expect(index.match({ ...event, contract: scriptHashOf('own 7') })).toEqual(['s7']);
    expect(visited).toEqual([7]);
    visited.length = 0;
    expect(index.match({ ...event, contract: scriptHashOf('hot') })).toHaveLength(100);
    expect(visited).toHaveLength(100);
    visited.length = 0;
    expect(index.match({ ...event, contract: scriptHashOf('unheard of') })).toEqual([]);
    expect(visited).toEqual([]);
  });
});
