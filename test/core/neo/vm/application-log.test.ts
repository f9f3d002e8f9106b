/** Logs, notifications and transfers: only what happened is counted, and under one name. */
import { describe, expect, it } from 'vitest';
import { parseScriptHash } from '../../../../worker/core/neo/script-hash.ts';
import {
  loggedNotifications,
  parseApplicationLog,
} from '../../../../worker/core/neo/vm/application-log.ts';
import {
  effectiveNotifications,
  parseContainedExecution,
} from '../../../../worker/core/neo/vm/execution.ts';
import { parseInvocation } from '../../../../worker/core/neo/vm/invocation.ts';
import {
  type Notification,
  parseBlockNotifications,
  parseContainedNotification,
  toNftTransfer,
  toTokenTransfer,
} from '../../../../worker/core/neo/vm/notification.ts';
import type { StackItem } from '../../../../worker/core/neo/vm/stack-item.ts';
import { documentedResults, liveEvents, liveResult, liveResults, liveSamples } from './vectors.ts';

const absent = Object.keys(liveSamples).length === 0;
const GAS = '0xd2a4cff31913016155e38e474a2c06d08be276cf';
const HASH = `0x${'ab'.repeat(32)}`;

const event = (eventname = 'Transfer') => ({
  contract: GAS,
  eventname,
  state: { type: 'Array', value: [] },
});
const execution = (changes: object = {}) => ({
  trigger: 'Application',
  vmstate: 'HALT',
  exception: null,
  gasconsumed: '1',
  stack: [],
  notifications: [event('One'), event('Two')],
  ...changes,
});
const log = (...executions: unknown[]) => parseApplicationLog({ txid: HASH, executions });

describe('an application log', () => {
  it.skipIf(absent)('is read from every answer of a live node', () => {
    for (const [name, result] of liveResults('getapplicationlog'))
      expect(parseApplicationLog(result), name).toMatchObject({ ok: true });
    expect(liveResults('getapplicationlog').length).toBeGreaterThan(20);
  });

  it('is read from the documented answer of the C# node', () => {
    for (const result of documentedResults('getapplicationlog')) {
      const read = parseApplicationLog(result);
      if (!read.ok) throw new Error(JSON.stringify(read.misshapen));
      const transfers = loggedNotifications(read.value).map(toTokenTransfer);
      expect(transfers).toMatchObject([{ amount: 10_000_000_000n }]);
    }
  });

  it.skipIf(absent)('of a faulted transaction has no notifications, although it lists them', () => {
    let faulted = 0;
    for (const [name, result] of liveResults('getapplicationlog')) {
      const read = parseApplicationLog(result);
      if (!read.ok) throw new Error(name);
      const [first] = read.value.executions;
      if (first?.vmState !== 'FAULT') continue;
      expect(loggedNotifications(read.value), name).toEqual([]);
      if (first.notifications.length > 0) faulted += 1;
    }
    expect(faulted).toBeGreaterThan(0);
    const invocation = parseInvocation(liveResult('invokescript-fault-after-transfer'));
    if (!invocation.ok) throw new Error('refused');
    expect(invocation.value.notifications).toHaveLength(1);
    expect(effectiveNotifications(invocation.value)).toEqual([]);
  });

  it.skipIf(absent)('of a block gives its fee burns and mints by trigger and place', () => {
    const read = parseApplicationLog(liveResult('getapplicationlog-block'));
    if (!read.ok) throw new Error(JSON.stringify(read.misshapen));
    const logged = loggedNotifications(read.value);
    expect(logged.map(({ trigger, index }) => [trigger, index])).toEqual([
      ['OnPersist', 0],
      ['OnPersist', 1],
      ['PostPersist', 0],
    ]);
    expect(logged.map(toTokenTransfer)).toMatchObject([
      { token: GAS, to: null, amount: 11_206_300n },
      { token: GAS, from: null, amount: 1_228_520n },
      { token: GAS, from: null, amount: 50_000_000n },
    ]);
  });

  it('counts places within its execution, whatever is filtered afterwards', () => {
    const read = log(execution());
    if (!read.ok) throw new Error('refused');
    const [, second] = loggedNotifications(read.value);
    expect(second).toMatchObject({ eventName: 'Two', trigger: 'Application', index: 1 });
  });

  it('is read although a stranger left an unreadable stack', () => {
    let deep: unknown = { type: 'Any' };
    for (let level = 0; level < 3000; level += 1) deep = { type: 'Array', value: [deep] };
    for (const stack of [[deep], 'error: recursive reference', ['error: unserializable']]) {
      const read = log(execution({ stack }));
      if (!read.ok) throw new Error(JSON.stringify(read.misshapen));
      expect(read.value.executions[0]?.stack).toBeNull();
      expect(loggedNotifications(read.value)).toHaveLength(2);
    }
  });

  it('keeps a notification that the node could not print, so that the places after it hold', () => {
    const read = log(execution({ notifications: [{ ...event(), state: 'error: x' }, event()] }));
    if (!read.ok) throw new Error(JSON.stringify(read.misshapen));
    const logged = loggedNotifications(read.value);
    expect(logged.map(({ state, index }) => [state, index])).toEqual([
      [null, 0],
      [[], 1],
    ]);
    expect(logged.map(toTokenTransfer)).toEqual([null, null]);
  });

  it.each([
    ['two executions of one trigger', [execution(), execution()], '/executions'],
    ['a trigger of blocks', [execution({ trigger: 'OnPersist' })], '/executions'],
    ['an unknown trigger', [execution({ trigger: 'System' })], '/executions/0/trigger'],
    ['an unfinished run', [execution({ vmstate: 'HALT, BREAK' })], '/executions/0/vmstate'],
    ['gas below zero', [execution({ gasconsumed: '-1' })], '/executions/0/gasconsumed'],
    ['a number for gas', [execution({ gasconsumed: 1 })], '/executions/0/gasconsumed'],
    [
      'a state that is no list',
      [execution({ notifications: [{ ...event(), state: { type: 'Any' } }] })],
      '/executions/0/notifications/0/state',
    ],
    [
      'a contract without its prefix',
      [execution({ notifications: [{ ...event(), contract: GAS.slice(2) }] })],
      '/executions/0/notifications/0/contract',
    ],
  ])('is refused with its place: %s', (_, executions, pointer) => {
    expect(log(...executions)).toMatchObject({ ok: false, misshapen: { pointer } });
  });

  it('is refused without a container', () => {
    expect(parseApplicationLog({ executions: [] })).toMatchObject({
      ok: false,
      misshapen: { pointer: '', reason: 'blockhash is missing' },
    });
  });
});

describe('streams and lists of a live node', () => {
  it.skipIf(absent)('are read', () => {
    const executed = liveEvents('transaction_executed');
    expect(executed.length).toBeGreaterThan(0);
    for (const given of executed)
      expect(parseContainedExecution(given)).toMatchObject({ ok: true });
    const notified = liveEvents('notification_from_execution');
    expect(notified.length).toBeGreaterThan(0);
    for (const given of notified)
      expect(parseContainedNotification(given)).toMatchObject({ ok: true });
  });

  it.skipIf(absent)('leave out the events of a faulted transaction', () => {
    const read = parseBlockNotifications(liveResult('getblocknotifications-block-with-fault'));
    expect(read).toMatchObject({
      ok: true,
      value: { application: [], onPersist: { length: 2 }, postPersist: { length: 1 } },
    });
    for (const [name, result] of liveResults('getblocknotifications'))
      expect(parseBlockNotifications(result), name).toMatchObject({ ok: true });
  });
});

describe('a Transfer', () => {
  const account: StackItem = { type: 'ByteString', value: new Uint8Array(20).fill(1) };
  const short: StackItem = { type: 'ByteString', value: new Uint8Array(19) };
  const nobody: StackItem = { type: 'Any' };
  const amount: StackItem = { type: 'Integer', value: 2n ** 60n };
  const contract = parseScriptHash(GAS);
  const notification = (state: readonly StackItem[], eventName = 'Transfer'): Notification => {
    if (contract === null) throw new Error('GAS has a script hash');
    return { contract, eventName, state };
  };

  it('has an amount beyond what a number holds', () => {
    expect(toTokenTransfer(notification([nobody, account, amount]))).toEqual({
      token: GAS,
      from: null,
      to: `0x${'01'.repeat(20)}`,
      amount: 2n ** 60n,
    });
  });

  it.each<[string, readonly StackItem[]]>([
    ['an account of 19 bytes, which is not nobody', [short, account, amount]],
    ['a receiver of 19 bytes, which is no burn', [account, short, amount]],
    ['from nobody to nobody', [nobody, nobody, amount]],
    ['an amount below zero', [account, account, { type: 'Integer', value: -1n }]],
    ['an amount in bytes', [account, account, { type: 'ByteString', value: new Uint8Array(1) }]],
    ['two values', [account, account]],
    ['four values', [account, account, amount, account]],
  ])('is none: %s', (_, state) => {
    expect(toTokenTransfer(notification(state))).toBeNull();
  });

  it('is none under another name, in another case too', () => {
    const state = [account, account, amount];
    expect(toTokenTransfer(notification(state, 'transfer'))).toBeNull();
  });

  it('of NEP-11 has the id of the token, and is none of NEP-17', () => {
    const state = [account, account, amount, account];
    expect(toNftTransfer(notification(state))).toMatchObject({ tokenId: account.value });
    expect(toNftTransfer(notification(state.slice(0, 3)))).toBeNull();
    expect(toNftTransfer(notification([account, account, amount, amount]))).toBeNull();
  });
});
