/**
 * Who may run in an isolate, and who next. An isolate has one thread, and a run computes without pause until it waits
 * for the world or ends: so memory is bounded by what the runs that wait have grown to, plus the limit of the one that
 * computes, plus what dropped runs left behind and the garbage collector has not taken yet.
 *
 * Fair by account: one account holds at most half of the runs, of the waiting places and of the memory, and turns go
 * round the accounts, so twenty endless loops of one delay another by one turn. A run that comes back from a host call
 * goes before the starts of its account: it holds memory that only its end gives back.
 *
 * No deadlock: the run that computed last can always come back, since its turn was given only while the others' memory
 * plus its whole limit fitted, and nobody has grown since. When it ends, the same holds for the one before it.
 *
 * Requests die without a word (the client left), so whoever is in line must ask again and again; one that has not asked
 * for a second is passed over and forgotten, and so is a run that has waited longer for the world than it may.
 *
 * Pure bookkeeping; worker/http/turns.ts adds time and promises.
 */
import { assert } from '../assert.ts';

export interface SlotBounds {
  readonly liveMax: number;
  readonly waitingMax: number;
  readonly memoryBytesMax: number;
  /** After so long without a sign a run is taken for dead. */
  readonly askAgainMs: number;
  readonly awayMs: number;
}

export interface Ticket {
  readonly id: number;
  readonly accountId: string;
  /** The run's memory limit: what it may grow to while it computes. */
  readonly memoryBytes: number;
}

/** `waiting` for a slot, `holding` one, or `returning` from the world to compute on. */
interface Run extends Ticket {
  state: 'waiting' | 'holding' | 'returning';
  grownBytes: number;
  seenAt: number;
}

export class RunSlots {
  readonly #bounds: SlotBounds;
  readonly #runs = new Map<number, Run>();
  /** Accounts in the order of their next turn. */
  #order: string[] = [];
  #lingeringBytes = 0;

  constructor(bounds: SlotBounds) {
    this.#bounds = bounds;
  }

  /** Takes a waiting place; false when the account's share, or all, are taken. */
  enter(ticket: Ticket, now: number): boolean {
    this.#forgetDead(now);
    const waiting = this.#all().filter((run) => run.state === 'waiting');
    const own = waiting.filter((run) => run.accountId === ticket.accountId);
    const { waitingMax } = this.#bounds;
    if (waiting.length >= waitingMax || own.length >= Math.ceil(waitingMax / 2)) return false;
    this.#runs.set(ticket.id, { ...ticket, state: 'waiting', grownBytes: 0, seenAt: now });
    if (!this.#order.includes(ticket.accountId)) this.#order.push(ticket.accountId);
    return true;
  }

  /** True when it is this run's turn: one that waited holds a slot now, one that returned may compute now. */
  tryTake(id: number, now: number): boolean {
    const run = this.#of(id);
    run.seenAt = now;
    this.#forgetDead(now);
    if (this.#next() !== run) return false;
    run.state = 'holding';
    this.#order = [...this.#order.filter((other) => other !== run.accountId), run.accountId];
    return true;
  }

  /** The run waits for the world; its memory stays. */
  leave(id: number, grownBytes: number, now: number): void {
    const run = this.#of(id);
    run.grownBytes = grownBytes;
    run.seenAt = now;
  }

  /** The run wants to compute, for the first time or again. */
  comeBack(id: number, now: number): void {
    const run = this.#of(id);
    run.state = 'returning';
    run.seenAt = now;
    if (!this.#order.includes(run.accountId)) this.#order.push(run.accountId);
  }

  /** The run is over, or gave up waiting. What it grew to lingers until `collected`. */
  end(id: number, grownBytes: number): void {
    if (this.#runs.delete(id)) this.#lingeringBytes += grownBytes;
  }

  collected(bytes: number): void {
    this.#lingeringBytes = Math.max(0, this.#lingeringBytes - bytes);
  }

  /** Memory of dropped runs, not collected yet. */
  get lingeringBytes(): number {
    return this.#lingeringBytes;
  }

  #all(): readonly Run[] {
    return [...this.#runs.values()];
  }

  #next(): Run | undefined {
    const runs = this.#all();
    for (const accountId of this.#order) {
      const own = runs.filter((run) => run.accountId === accountId && run.state !== 'holding');
      const found =
        own.find((run) => run.state === 'returning' && this.#fits(runs, run)) ??
        own.find((run) => run.state === 'waiting' && this.#fits(runs, run));
      if (found) return found;
    }
    return undefined;
  }

  #fits(runs: readonly Run[], candidate: Run): boolean {
    const others = runs.filter((run) => run.state !== 'waiting' && run !== candidate);
    if (candidate.state === 'waiting' && !this.#withinShare(others, candidate)) return false;
    const needed = heldBy(others) + this.#lingeringBytes + candidate.memoryBytes;
    return needed <= this.#bounds.memoryBytesMax;
  }

  /** Half of the runs and half of the memory, but always one run. */
  #withinShare(live: readonly Run[], candidate: Run): boolean {
    const { liveMax, memoryBytesMax } = this.#bounds;
    const own = live.filter((run) => run.accountId === candidate.accountId);
    if (live.length >= liveMax || own.length >= Math.ceil(liveMax / 2)) return false;
    return own.length === 0 || heldBy(own) + candidate.memoryBytes <= memoryBytesMax / 2;
  }

  #forgetDead(now: number): void {
    const { askAgainMs, awayMs } = this.#bounds;
    for (const run of this.#all()) {
      const patience = run.state === 'holding' ? awayMs : askAgainMs;
      if (now - run.seenAt > patience) this.end(run.id, run.grownBytes);
    }
    const accounts = new Set(this.#all().map((run) => run.accountId));
    this.#order = this.#order.filter((accountId) => accounts.has(accountId));
  }

  #of(id: number): Run {
    const run = this.#runs.get(id);
    assert(run, 'a run holds a slot until it ends');
    return run;
  }
}

const heldBy = (runs: readonly Run[]): number => runs.reduce((sum, run) => sum + run.grownBytes, 0);
