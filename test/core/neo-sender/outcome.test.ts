import { describe, expect, it } from 'vitest';
import { hash256Of } from '../../../worker/core/neo/hash256.ts';
import type { Sighting } from '../../../worker/core/neo/rpc/quorum.ts';
import { applyOutcome } from '../../../worker/core/neo-sender/lifecycle.ts';
import { decideOutcome, toVotes } from '../../../worker/core/neo-sender/outcome.ts';
import type { EndpointSighting } from '../../../worker/core/neo-sender/steps.ts';
import { live, moment, prepared, replaced, transactionOf } from './intents.ts';

const BLOCK = hash256Of(Uint8Array.of(0xb1));
const included = (more: Partial<Sighting & { kind: 'included' }> = {}): Sighting => ({
  kind: 'included',
  height: 121,
  blockIndex: 110,
  blockHash: BLOCK,
  vmState: 'HALT',
  notificationsDigest: 'n',
  ...more,
});
const absent = (height = 121): Sighting => ({ kind: 'absent', height });
const seen = (endpoint: string, sighting: Sighting, attempt = 1): EndpointSighting => ({
  endpoint,
  attempt,
  sighting,
});

const ONE = [{ number: 1, transaction: transactionOf(1) }];
const TWO = [...ONE, { number: 2, transaction: transactionOf(2) }];
const decide = (sightings: readonly EndpointSighting[], candidates = ONE, required = 2) =>
  decideOutcome(candidates, toVotes(sightings, candidates), required);

describe('M5 what votes decide', () => {
  it('M5 takes two equal votes for an inclusion', () => {
    expect(decide([seen('a', included())])).toEqual({ kind: 'open', expired: [] });
    expect(decide([seen('a', included()), seen('b', included())])).toMatchObject({
      kind: 'included',
      inclusion: { attempt: 1, blockIndex: 110, vmState: 'HALT' },
    });
  });

  it('M5 does not count an endpoint twice', () => {
    const twice = [seen('a', included()), seen('a', included())];
    expect(decide(twice).kind).toBe('open');
  });

  it.each([
    ['another VM state', included({ vmState: 'FAULT' })],
    ['another block', included({ blockHash: hash256Of(Uint8Array.of(2)) })],
    ['other notifications', included({ notificationsDigest: 'm' })],
    ['absence past its last block', absent()],
  ])('M5 disputes when a vote contradicts by %s, also beside a quorum', (_name, other) => {
    const votes = [seen('a', included()), seen('b', included()), seen('c', other)];
    expect(decide(votes).kind).toBe('disputed');
  });

  it('M5 disputes when one endpoint says two things', () => {
    expect(decide([seen('a', included()), seen('a', absent())]).kind).toBe('disputed');
  });

  it('M5 disputes when two attempts of one intent are said to be on the chain', () => {
    const votes = [seen('a', included()), seen('b', included()), seen('c', included(), 2)];
    expect(decide(votes, TWO)).toEqual({ kind: 'disputed', attempts: [1, 2] });
  });

  it.each([
    ['a height below the block', included({ height: 109 })],
    ['a block not past the one it was prepared at', included({ blockIndex: 100 })],
    ['a block past its last one', included({ blockIndex: 121 })],
    ['absence at its last block', absent(120)],
    ['absence before', absent(50)],
  ])('M5 takes no vote from %s', (_name, sighting) => {
    expect(toVotes([seen('a', sighting)], ONE)).toEqual([]);
  });

  it('M4 proves absence for each attempt by itself', () => {
    const votes = [seen('a', absent()), seen('b', absent()), seen('a', absent(), 2)];
    expect(decide(votes, TWO)).toEqual({ kind: 'open', expired: [1] });
  });
});

describe('M4 what an outcome changes', () => {
  const inclusion = {
    attempt: 1,
    blockIndex: 110,
    blockHash: BLOCK,
    vmState: 'HALT',
    notificationsDigest: 'n',
  } as const;

  it('records the other attempts as void when one is included', () => {
    const { intent, attempts } = applyOutcome(
      replaced(),
      { kind: 'included', inclusion: { ...inclusion, attempt: 2 } },
      moment.now,
    );
    expect(intent).toMatchObject({ state: 'confirmed', inclusion: { attempt: 2 } });
    expect(attempts.map(({ state }) => state)).toEqual(['void', 'included']);
    expect(attempts.map(({ work }) => work.dueAt)).toEqual([null, null]);
  });

  it('is faulted by FAULT, and cancelled by a cancelling attempt whatever its state', () => {
    const fault = { kind: 'included', inclusion: { ...inclusion, vmState: 'FAULT' } } as const;
    expect(applyOutcome(live(), fault, moment.now).intent.state).toBe('faulted');
    const second = { kind: 'included', inclusion: { ...fault.inclusion, attempt: 2 } } as const;
    const cancelled = applyOutcome(replaced('cancel'), second, moment.now);
    expect(cancelled.intent).toMatchObject({ state: 'cancelled', reserved: 140n });
  });

  it('expires only when the absence of every attempt is proven', () => {
    const one = applyOutcome(replaced(), { kind: 'open', expired: [1] }, moment.now);
    expect(one.intent.state).toBe('live');
    const both = applyOutcome(one, { kind: 'open', expired: [1, 2] }, moment.now);
    expect(both.intent).toMatchObject({ state: 'expired', reserved: 0n, deadlineAt: null });
  });

  it('M7 does not end what was prepared and perhaps signed before its absence is proven', () => {
    const open = applyOutcome(prepared(), { kind: 'open', expired: [] }, moment.now + 1e9);
    expect(open.intent.state).toBe('prepared');
  });

  it('rests while disputed: nothing is signed, sent or read', () => {
    const { intent, attempts } = applyOutcome(
      replaced(),
      { kind: 'disputed', attempts: [1] },
      moment.now,
    );
    expect(intent).toMatchObject({ state: 'disputed', reason: 'contradicting_votes' });
    expect(intent.observe.dueAt).toBeNull();
    expect(attempts.every(({ work }) => work.dueAt === null)).toBe(true);
    expect(intent.reserved).toBeGreaterThan(0n);
  });
});
