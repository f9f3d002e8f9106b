/**
 * Books under test: their clock stands a day ahead, so that no alarm rings by itself. What a book
 * hands over is kept here, unless a test wants it to go the product's own way.
 */
import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { vi } from 'vitest';
import type { AccountLedger } from '../../../durable-objects/account-ledger/account-ledger.ts';
import type { LedgerUnderTest } from '../../../scripts/sim/ledger/world.ts';
import { type BookIdentity, bookName } from '../../../worker/core/ledger/book.ts';
import type { Budget, ChainEntry, Command, Reserve } from '../../../worker/core/ledger/commands.ts';
import type { BookMove } from '../../../worker/core/ledger/moves.ts';

const { ACCOUNT_LEDGER } = env as unknown as {
  ACCOUNT_LEDGER: DurableObjectNamespace<AccountLedger>;
};

export const START = Date.now() + 86_400_000;
export const MAGIC = 56_753;
export const CUSTOMER: BookIdentity = { magic: MAGIC, owner: 'acc_01k00000000000000000000001' };
export const NEIGHBOUR: BookIdentity = { magic: MAGIC, owner: 'acc_01k00000000000000000000002' };
export const PLATFORM: BookIdentity = { magic: MAGIC, owner: 'platform' };
export const VAULT = `0x${'a1'.repeat(20)}`;

export const setClock = (now: number): void => {
  vi.setSystemTime(now);
};
export const stopClock = (): void => {
  vi.useFakeTimers({ toFake: ['Date'], now: START });
};
export const startClock = (): void => {
  vi.useRealTimers();
};

export const chainKey = (number: number): string =>
  `${String(MAGIC)}:0x${number.toString(16).padStart(64, '0')}:0`;

export const depositOf = (number: number, amount: bigint, to = CUSTOMER.owner): ChainEntry => ({
  kind: 'chain_entry',
  id: chainKey(number),
  owner: 'chain',
  height: 10 + number,
  address: VAULT,
  direction: 'in',
  counterparty: null,
  amount,
  destination: { kind: 'book', owner: to, fund: 'main' },
});

export const reserveOf = (id: string, amount: bigint, more: Partial<Reserve> = {}): Reserve => ({
  kind: 'reserve',
  id,
  owner: 'sponsorships',
  fund: 'main',
  amount,
  source: 'gas',
  until: { kind: 'timed', forMs: 60_000 },
  purpose: 'sponsorships.fee',
  budgets: [],
  ...more,
});

export const dayBudget = (counter: string, cap: bigint): Budget => ({
  counter,
  window: 'day',
  counts: 'amount',
  cap,
});

export type BookRig = ReturnType<typeof bookRig>;

export function bookRig(book: BookIdentity) {
  const stub = ACCOUNT_LEDGER.getByName(bookName(book));
  const handed: BookMove[] = [];
  /** From here on what is handed over stays here. */
  const hold = () =>
    runInDurableObject(stub, (instance) => {
      instance.ports = {
        books: {
          deliverMoves: async (moves) => {
            handed.push(...moves);
          },
          deliverNotices: async () => undefined,
        },
      };
    });
  const ring = async (): Promise<readonly BookMove[]> => {
    const before = handed.length;
    await runDurableObjectAlarm(stub);
    return handed.slice(before);
  };
  /** Everything it had to tell was heard: no alarm comes for it. */
  const hear = async () => {
    await stub.acknowledgeNotices(Number.MAX_SAFE_INTEGER);
    await ring();
  };
  return {
    book,
    stub,
    hold,
    ring,
    hear,
    give: async (command: Command) => await stub.execute({ book, command }),
    evict: () => evictDurableObject(stub),
    within: (act: (ledger: AccountLedger) => Promise<void>) => runInDurableObject(stub, act),
    alarmAt: () => runInDurableObject(stub, (_instance, ctx) => ctx.storage.getAlarm()),
    rows: (statement: string) =>
      runInDurableObject(stub, (_instance, ctx) => ctx.storage.sql.exec(statement).toArray()),
    balance: async (account: string): Promise<bigint | undefined> => {
      const page = await stub.balances({ limit: 500 });
      return page.ok
        ? page.value.items.find((item) => item.account === account)?.balance
        : undefined;
    },
  };
}

/** A customer's book with GAS in it, as a deposit brings it. */
export async function funded(amount: bigint, book = CUSTOMER): Promise<BookRig> {
  const rig = bookRig(book);
  await rig.hold();
  await rig.stub.receive({
    magic: MAGIC,
    fromOwner: 'platform',
    toOwner: book.owner,
    toFund: 'main',
    number: 1,
    id: chainKey(1),
    amount,
    closedHeight: 0,
  });
  return rig;
}

export async function watchingPlatform(): Promise<BookRig> {
  const platform = bookRig(PLATFORM);
  const id = `watch:${VAULT}`;
  await platform.give({
    kind: 'watch',
    id,
    owner: 'chain',
    address: VAULT,
    height: 10,
    opening: 0n,
  });
  return platform;
}

/** As the simulation drives it: the object's clock is the simulation's at every call. */
export async function ledgerInWorkerd(
  owner: string,
  clock: () => number,
): Promise<LedgerUnderTest> {
  setClock(clock());
  const rig = bookRig({ magic: MAGIC, owner });
  await rig.hold();
  const { stub } = rig;
  let calls = 0;
  /** Beside those of the seed: the point of this run is that memory may vanish between any two turns. */
  const turn = async <Answer>(act: () => Promise<Answer>): Promise<Answer> => {
    setClock(clock());
    calls += 1;
    if (calls % 40 === 0) await restart();
    return act();
  };
  const restart = async () => {
    await rig.evict();
    await rig.hold();
  };
  return {
    execute: (order) => turn(async () => await stub.execute(order)),
    receive: (move) => turn(async () => await stub.receive(move)),
    acknowledge: (answer) => turn(async () => await stub.acknowledge(answer)),
    checkpoint: (order) => turn(async () => await stub.checkpoint(order)),
    ring: () => turn(rig.ring),
    alarmAt: rig.alarmAt,
    // A turn of the object cannot be cut in two from here; that is done in memory.
    dieAfter: () => undefined,
    restart,
    rows: rig.rows,
  };
}
