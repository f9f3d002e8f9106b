/**
 * Metering of a run: what it may cost at most is put aside before anything starts, credits first,
 * and what it used is taken when its end is recorded. Where nothing has a price, no book is asked.
 *
 * A run is paid once: the hold is named after the one attempt that may run the code, and is taken
 * under an id of its own. A runner that dies leaves a timed hold, which ends by itself and charges
 * nothing. What cannot be taken any more is the operator's loss, and is logged.
 */
import { assert } from '../../core/assert.ts';
import type { Receipt } from '../../core/ledger/change.ts';
import type { Command } from '../../core/ledger/commands.ts';
import { chargesRuns, mostOfRuns, priceOfRun } from '../../core/metering/price-list.ts';
import { isMeterRefusal, type MeterRefusal } from '../../core/metering/refusals.ts';
import { toFact } from '../../core/money.ts';
import { err, ok, type Result } from '../../core/result.ts';
import type { Env } from '../../env.ts';
import { errorFields, type Log } from '../../http/log.ts';
import { balancesOf, executeCommand, noteSpending } from '../gasbank/index.ts';
import { LIMITS } from './limits.ts';
import { findPayer, type Payer, type PayerDeps } from './payer.ts';

export interface MeterDeps extends PayerDeps {
  readonly env: Env;
  readonly log: Log;
}

export interface Meter {
  /** The run has ended and is recorded: takes what it used. */
  readonly charge: (fuelUsed: number) => Promise<void>;
  /** Gives back what is put aside, unless it was taken. */
  readonly close: () => Promise<void>;
}

const NO_METER: Meter = { charge: async () => {}, close: async () => {} };
const OWNER = 'executions';
const PURPOSE = 'functions.execution';

export interface MeteredRun {
  readonly accountId: string;
  /** Of the one attempt to run it. */
  readonly id: string;
  readonly fuelMax: number;
}

export async function openMeter(
  deps: MeterDeps,
  run: MeteredRun,
): Promise<Result<Meter, MeterRefusal>> {
  const payer = await findPayer(deps, run.accountId, chargesRuns);
  if (payer === null) return ok(NO_METER);
  const held = await executeCommand(deps.env, payer.book, {
    kind: 'reserve',
    id: run.id,
    owner: OWNER,
    ...payer.terms,
    amount: priceOfRun(payer.list, run.fuelMax),
    source: 'credits_first',
    until: { kind: 'timed', forMs: LIMITS.meterHoldMs.value },
    purpose: PURPOSE,
  });
  if (held.ok) return ok(new HoldMeter(deps, payer, run.id));
  const { failure } = held;
  assert(isMeterRefusal(failure.code), `a book refuses to meter a run: ${failure.code}`);
  return { ok: false, failure: { ...failure, code: failure.code } };
}

class HoldMeter implements Meter {
  #isOpen = true;
  readonly #deps: MeterDeps;
  readonly #payer: Payer;
  readonly #hold: string;

  constructor(deps: MeterDeps, payer: Payer, hold: string) {
    this.#deps = deps;
    this.#payer = payer;
    this.#hold = hold;
  }

  async charge(fuelUsed: number): Promise<void> {
    const amount = priceOfRun(this.#payer.list, fuelUsed);
    if (amount === 0n) return this.close();
    const taken = await this.#tell({ kind: 'capture', owner: OWNER, ...this.#end(), amount });
    const { gasAccount } = this.#payer;
    if (taken !== null && gasAccount !== undefined)
      await noteSpending(this.#deps, gasAccount, taken.available);
  }

  async close(): Promise<void> {
    if (!this.#isOpen) return;
    await this.#tell({ kind: 'release', owner: OWNER, ...this.#end() });
  }

  #end() {
    this.#isOpen = false;
    return { hold: this.#hold, id: `${this.#hold}:end` };
  }

  /** The code has run and its end is recorded: nothing here may undo that. */
  async #tell(command: Command): Promise<Receipt | null> {
    const { env, log } = this.#deps;
    const facts = { hold: this.#hold, account: this.#payer.book.owner };
    try {
      const told = await executeCommand(env, this.#payer.book, command);
      if (told.ok) return told.value;
      log.error('metering.unsettled', { ...facts, code: told.failure.code });
    } catch (thrown) {
      log.error('metering.unsettled', { ...facts, ...errorFields(thrown) });
    }
    return null;
  }
}

export interface QueuedRuns {
  readonly accountId: string;
  readonly fuelMax: number;
  readonly count: number;
}

/**
 * Whether the account could pay for all of them now. They are paid when each of them starts, so
 * this is a courtesy to who asks: a book is not held to it.
 */
export async function checkAffordable(
  deps: MeterDeps,
  runs: QueuedRuns,
): Promise<Result<null, 'gasbank.insufficient_funds'>> {
  const payer = await findPayer(deps, runs.accountId, chargesRuns);
  if (payer === null) return ok(null);
  const needed = mostOfRuns(payer.list, runs);
  const owned = await payableBy(deps, payer);
  return owned >= needed
    ? ok(null)
    : err('gasbank.insufficient_funds', { limit: toFact(owned), observed: toFact(needed) });
}

async function payableBy({ env }: MeterDeps, { book, terms }: Payer): Promise<bigint> {
  const { available, creditsAvailable } = await balancesOf(env, {
    accountId: book.owner,
    networkMagic: book.magic,
    fund: terms.fund,
  });
  const free = available - terms.keepAtLeast;
  return creditsAvailable + (free > 0n ? free : 0n);
}
