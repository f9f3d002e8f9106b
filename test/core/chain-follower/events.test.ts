/** Which notifications are events, and under which id: attacks on what a log says. */
import { describe, expect, it } from 'vitest';
import { type BlockLogs, extractEvents } from '../../../worker/core/chain-follower/extract.ts';
import type { Notification } from '../../../worker/core/neo/vm/notification.ts';
import { decodeStackItem } from '../../../worker/core/neo/vm/stack-item-bytes.ts';
import { execution, GAS, hashOf, MAGIC, scriptHashOf, transfer } from './model-chain.ts';

const payer = scriptHashOf('payer');
const primary = scriptHashOf('primary');
const shop = scriptHashOf('shop');
const good = hashOf('good');
const bad = hashOf('bad');
const own = hashOf('block');

const block = {
  height: 7,
  hash: own,
  timeMs: 1_700_000_007_000,
  transactions: [
    { hash: good, sender: payer, systemFeeDatoshi: 9_977_780n, networkFeeDatoshi: 1_228_520n },
    { hash: bad, sender: payer, systemFeeDatoshi: 50_000_000n, networkFeeDatoshi: 1_229_520n },
  ],
};
const BURNS = [transfer(payer, null, 11_206_300n), transfer(payer, null, 51_229_520n)];
const REWARD = transfer(null, primary, 2_458_040n);
const stored: Notification = {
  contract: shop,
  eventName: 'Stored',
  state: [{ type: 'Integer', value: 2n ** 255n - 1n }],
};

interface Told {
  readonly onPersist?: readonly Notification[];
  readonly goodRaised?: readonly Notification[];
}

const logsOf = ({
  onPersist = [...BURNS, REWARD],
  goodRaised = [stored],
}: Told = {}): BlockLogs => ({
  block: {
    kind: 'block',
    container: own,
    executions: [
      execution('OnPersist', onPersist),
      execution('PostPersist', [transfer(null, primary, 50_000_000n)]),
    ],
  },
  transactions: [
    { kind: 'transaction', container: good, executions: [execution('Application', goodRaised)] },
    {
      kind: 'transaction',
      container: bad,
      executions: [execution('Application', [transfer(payer, shop, 5n), stored], 'FAULT')],
    },
  ],
});

const extract = (logs: BlockLogs, contracts: ReadonlySet<string> | null = null) =>
  extractEvents(block, logs, { magic: MAGIC, isContradicted: false, contracts });

function eventsOf(logs: BlockLogs, contracts: ReadonlySet<string> | null = null) {
  const extracted = extract(logs, contracts);
  if (!extracted.ok) throw new Error(extracted.fault);
  return extracted.events;
}

describe('events of a block', () => {
  it('M10: are the fee burns of every transaction, of the one that faulted too, each once', () => {
    const fees = eventsOf(logsOf()).filter(({ id }) => id.endsWith(':fee'));
    expect(fees.map(({ id, transaction, trigger }) => ({ id, transaction, trigger }))).toEqual([
      { id: `${String(MAGIC)}:${good}:fee`, transaction: good, trigger: 'OnPersist' },
      { id: `${String(MAGIC)}:${bad}:fee`, transaction: bad, trigger: 'OnPersist' },
    ]);
  });

  it('are those of OnPersist and PostPersist under the block, and none of a faulted run', () => {
    expect(eventsOf(logsOf()).map(({ id }) => id)).toEqual([
      `${String(MAGIC)}:${good}:fee`,
      `${String(MAGIC)}:${bad}:fee`,
      `${String(MAGIC)}:${own}:OnPersist:2`,
      `${String(MAGIC)}:${good}:0`,
      `${String(MAGIC)}:${own}:PostPersist:0`,
    ]);
  });

  it('M1: have the network in every id, so that the same block elsewhere is not the same event', () => {
    const elsewhere = extractEvents(block, logsOf(), {
      magic: MAGIC + 1,
      isContradicted: false,
      contracts: null,
    });
    const here = new Set(eventsOf(logsOf()).map(({ id }) => id));
    expect(elsewhere.ok && elsewhere.events.every(({ id }) => !here.has(id))).toBe(true);
  });

  it('D11: tell an event of another contract from the one whose name it wears', () => {
    const forged = { ...transfer(null, payer, 1_000n), contract: shop };
    const [event] = eventsOf(logsOf({ goodRaised: [forged] }), new Set([shop]));
    expect(event).toMatchObject({ contract: shop, eventName: 'Transfer' });
    expect(
      eventsOf(logsOf({ goodRaised: [forged] }), new Set([GAS])).map(({ id }) => id),
    ).not.toContain(`${String(MAGIC)}:${good}:0`);
  });

  it('keep place and id whatever contracts are asked for', () => {
    const all = eventsOf(logsOf());
    const some = eventsOf(logsOf(), new Set([shop]));
    expect(some).toEqual(all.filter(({ contract }) => contract === shop));
    expect(some).toHaveLength(1);
  });

  it('keep integers of 256 bits', () => {
    const [event] = eventsOf(logsOf(), new Set([shop]));
    expect(decodeStackItem(event?.state ?? new Uint8Array())).toEqual({
      ok: true,
      value: { type: 'Array', value: stored.state },
    });
  });

  it('take a burn inside a transaction for what it is, and not for a fee', () => {
    const burnt = transfer(payer, null, 3n);
    expect(eventsOf(logsOf({ goodRaised: [burnt] })).map(({ id }) => id)).toContain(
      `${String(MAGIC)}:${good}:0`,
    );
  });
});

describe('a log is refused whole', () => {
  const cases: readonly (readonly [string, BlockLogs, string])[] = [
    [
      'M10: that hides the burn of a faulted transaction',
      logsOf({ onPersist: [transfer(payer, null, 11_206_300n), REWARD] }),
      'fee_burns_differ',
    ],
    [
      'M10: that burns one datoshi less than the transaction pays',
      logsOf({ onPersist: [transfer(payer, null, 11_206_299n), ...BURNS.slice(1), REWARD] }),
      'fee_burns_differ',
    ],
    [
      'M10: that takes the fee from somebody else',
      logsOf({ onPersist: [transfer(shop, null, 11_206_300n), ...BURNS.slice(1), REWARD] }),
      'fee_burns_differ',
    ],
    [
      'M10: that invents a burn',
      logsOf({ onPersist: [...BURNS, transfer(payer, null, 1n)] }),
      'fee_burns_differ',
    ],
    [
      'of another block',
      { ...logsOf(), block: { ...logsOf().block, container: hashOf('other') } },
      'log_of_another_container',
    ],
    [
      'with the transactions in another order',
      { ...logsOf(), transactions: logsOf().transactions.toReversed() },
      'log_of_another_container',
    ],
    [
      'without the log of a transaction',
      { ...logsOf(), transactions: logsOf().transactions.slice(0, 1) },
      'log_incomplete',
    ],
    [
      'without PostPersist',
      {
        ...logsOf(),
        block: { ...logsOf().block, executions: logsOf().block.executions.slice(0, 1) },
      },
      'log_incomplete',
    ],
  ];
  for (const [what, logs, fault] of cases)
    it(what, () => {
      expect(extract(logs)).toEqual({ ok: false, fault });
    });

  it('with an event longer than the VM lets any be', () => {
    const long: Notification = {
      contract: shop,
      eventName: 'Stored',
      state: [{ type: 'ByteString', value: new Uint8Array(9_000) }],
    };
    expect(extract(logsOf({ goodRaised: [long] }))).toEqual({
      ok: false,
      fault: 'event_too_large',
    });
  });
});
