/**
 * Who may run in an isolate, and who next. An isolate has one thread, and a run computes without
 * pause until it waits for the world or ends: so memory is bounded by what the runs that wait have
 * grown to, plus the limit of the one that computes, plus what dropped runs left behind and the
 * garbage collector has not taken yet.
 *
 * Fair by account: one account holds at most half of the runs, of the waiting places and of the
 * memory, and turns go round the accounts, so twenty endless loops of one delay another by one
 * turn. A run that comes back from a host call goes before the starts of its account: it holds
 * memory that only its end gives back.
 *
 * No deadlock: the run that computed last can always come back, since its turn was given only while
 * the others' memory plus its whole limit fitted, and nobody has grown since. When it ends, the
 * same holds for the one before it.
 *
 * Requests die without a word (the client left), so whoever is in line must ask again and again.
 * The silent are passed over at once and forgotten later; a live one that was forgotten is taken
 * back when it asks.
 *
 * Pure bookkeeping; worker/http/turns.ts adds time, promises and the collector.
 */
export interface SlotBounds {
  readonly liveMax: number;
  readonly waitingMax: number;
  readonly memoryBytesMax: number;
  /** Silent for so long while others ask, one in line is passed over. */
  readonly passOverMs: number;
  /** No one waits for a slot longer than this. */
  readonly waitMs: number;
  /** After so long without a sign a started run is taken for dead. */
  readonly awayMs: number;
}

export interface Ticket {
  readonly id: number;
  readonly accountId: string;
  /** The run's memory limit: what it may grow to while it computes. */
  readonly memoryBytes: number;
}

/** `collect`: it would be its turn, were it not for the memory that dropped runs left behind. */
export type Taking = 'taken' | 'wait' | 'collect';

/** `waiting` for a slot, `holding` one, or `returning` from the world to compute on. */
interface Run extends Ticket {
  state: 'waiting' | 'holding' | 'returning';
  grownBytes: number;
  enteredAt: number;
  seenAt: number;
  hasMemory: boolean;
}

/**
 * Memory without a run, until it is collected. One that was only silent may come back, so its
 * account has it still.
 */
interface Dropped {
  readonly accountId: string;
  readonly bytes: number;
  readonly isOver: boolean;
}

export class RunSlots {
  readonly #bounds: SlotBounds;
  readonly #runs = new Map<number, Run>();
  readonly #dropped = new Map<number, Dropped>();
  /** Accounts in the order of their next turn. */
  #order: string[] = [];
  #lookedAt = 0;
  /**
   * Since when somebody has asked every few milliseconds. A thread that stood still silences the
   * living too.
   */
  #steadySince = 0;

  constructor(bounds: SlotBounds) {
    this.#bounds = bounds;
  }

  /** Takes a waiting place; false when the account's share, or all, are taken. */
  enter(ticket: Ticket, now: number): boolean {
    this.#look(now);
    const waiting = this.#all().filter(({ state }) => state === 'waiting');
    const own = waiting.filter(({ accountId }) => accountId === ticket.accountId);
    const { waitingMax } = this.#bounds;
    if (waiting.length >= waitingMax || own.length >= half(waitingMax)) return false;
    this.#add(ticket, 'waiting', now);
    return true;
  }

  /** `taken`: one that waited holds a slot now, one that returned may compute now. */
  tryTake(id: number, now: number): Taking {
    this.#look(now);
    const run = this.#runs.get(id);
    if (run === undefined || run.state === 'holding') return 'wait';
    run.seenAt = now;
    if (this.#next(now, [...this.#dropped.values()]) === run) {
      run.state = 'holding';
      this.#order = [...this.#order.filter((other) => other !== run.accountId), run.accountId];
      return 'taken';
    }
    return this.#dropped.size > 0 && this.#next(now, []) === run ? 'collect' : 'wait';
  }

  /** The run has a memory: from now on it counts until `collected`, whatever becomes of the run. */
  adopt(id: number): void {
    const run = this.#runs.get(id);
    if (run) run.hasMemory = true;
  }

  /** The run waits for the world; its memory stays. */
  leave(id: number, grownBytes: number, now: number): void {
    this.#look(now);
    const run = this.#runs.get(id);
    if (run === undefined) return;
    run.grownBytes = grownBytes;
    run.seenAt = now;
  }

  /** The run wants to compute, for the first time or again. */
  comeBack(ticket: Ticket, now: number): void {
    this.#look(now);
    const run = this.#runs.get(ticket.id) ?? this.#add(ticket, 'returning', now);
    run.state = 'returning';
    run.seenAt = now;
  }

  /**
   * The run is over, or gave up waiting. Its memory, if it has one, stays counted until
   * `collected`.
   */
  end(id: number, grownBytes: number): void {
    this.#remove(id, { grownBytes, isOver: true });
  }

  /** The garbage collector has taken the memory of this run. */
  collected(id: number): void {
    this.#dropped.delete(id);
    // A run whose guest is gone is gone with its request.
    const run = this.#runs.get(id);
    if (run) run.hasMemory = false;
    this.#remove(id, { grownBytes: 0, isOver: true });
  }

  /** Memory of dropped runs, not collected yet. */
  get droppedBytes(): number {
    return sum([...this.#dropped.values()].map(({ bytes }) => bytes));
  }

  /** What started runs have grown to. */
  get heldBytes(): number {
    return heldBy(this.#all());
  }

  #all(): readonly Run[] {
    return [...this.#runs.values()];
  }

  #add(ticket: Ticket, state: Run['state'], now: number): Run {
    const grownBytes = this.#dropped.get(ticket.id)?.bytes ?? 0;
    const hasMemory = this.#dropped.delete(ticket.id);
    const run = { ...ticket, state, grownBytes, enteredAt: now, seenAt: now, hasMemory };
    this.#runs.set(ticket.id, run);
    if (!this.#order.includes(ticket.accountId)) this.#order.push(ticket.accountId);
    return run;
  }

  #remove(id: number, end: { readonly grownBytes: number; readonly isOver: boolean }): void {
    const run = this.#runs.get(id);
    const accountId = run?.accountId ?? this.#dropped.get(id)?.accountId;
    if (accountId === undefined) return;
    this.#runs.delete(id);
    if (run === undefined || run.hasMemory)
      this.#dropped.set(id, { accountId, bytes: end.grownBytes, isOver: end.isOver });
    if (!this.#all().some((other) => other.accountId === accountId))
      this.#order = this.#order.filter((other) => other !== accountId);
  }

  #next(now: number, dropped: readonly Dropped[]): Run | undefined {
    const runs = this.#all();
    const inLine = runs.filter((run) => run.state !== 'holding' && this.#isPresent(run, now));
    for (const accountId of this.#order) {
      const own = inLine.filter((run) => run.accountId === accountId);
      const returning = own.filter(({ state }) => state === 'returning');
      const waiting = own.filter(({ state }) => state === 'waiting');
      const found = [...returning, ...waiting].find((run) => this.#fits(runs, run, dropped));
      if (found) return found;
    }
    return undefined;
  }

  #isPresent(run: Run, now: number): boolean {
    return now - Math.max(run.seenAt, this.#steadySince) <= this.#bounds.passOverMs;
  }

  #fits(runs: readonly Run[], candidate: Run, dropped: readonly Dropped[]): boolean {
    const live = runs.filter((run) => run.state !== 'waiting' && run !== candidate);
    if (!this.#withinShare(live, candidate, dropped)) return false;
    const taken = heldBy(live) + sum(dropped.map(({ bytes }) => bytes));
    return taken + candidate.memoryBytes <= this.#bounds.memoryBytesMax;
  }

  /**
   * Half of the runs and half of the memory, but always one run. Memory is asked of those that come
   * back as well: the attack is many small runs that grow one after the other once they have their
   * slots.
   */
  #withinShare(live: readonly Run[], candidate: Run, dropped: readonly Dropped[]): boolean {
    const { liveMax, memoryBytesMax } = this.#bounds;
    const own = live.filter(({ accountId }) => accountId === candidate.accountId);
    const isStart = candidate.state === 'waiting';
    if (isStart && (live.length >= liveMax || own.length >= half(liveMax))) return false;
    const silent = dropped.filter(
      ({ accountId, isOver }) => accountId === candidate.accountId && !isOver,
    );
    const held = heldBy(own) + sum(silent.map(({ bytes }) => bytes));
    return held === 0 || held + candidate.memoryBytes <= memoryBytesMax / 2;
  }

  #look(now: number): void {
    const { passOverMs, waitMs, awayMs } = this.#bounds;
    if (now - this.#lookedAt > passOverMs) this.#steadySince = now;
    this.#lookedAt = now;
    for (const run of this.#all()) {
      const isOver =
        run.state === 'waiting'
          ? now - run.enteredAt > waitMs && !this.#isPresent(run, now)
          : now - run.seenAt > awayMs;
      if (isOver) this.#remove(run.id, { grownBytes: run.grownBytes, isOver: false });
    }
  }
}

/** Rounded up, so that one account alone gets at least one place. */
const half = (count: number): number => Math.ceil(count / 2);
const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0);
const heldBy = (runs: readonly Run[]): number => sum(runs.map(({ grownBytes }) => grownBytes));
