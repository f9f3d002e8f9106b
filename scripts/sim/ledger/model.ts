/**
 * What a book should be, in the plainest words: purses, promises and a diary of what counted against
 * which budget. It knows nothing of entries, counters or checkpoints, so that it can be wrong only
 * in other ways than the book.
 */
import type { Budget, Command } from '../../../worker/core/ledger/commands.ts';

interface Promised {
  gas: bigint;
  credits: bigint;
  readonly payout: bigint;
  readonly fund: string;
  readonly toFund: string;
  until: number | null;
}

interface DiaryLine {
  readonly counter: string;
  readonly window: Budget['window'];
  readonly day: number;
  readonly isUse: boolean;
  amount: bigint;
  readonly hold: string | null;
}

export interface Sent {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly fund: string;
  readonly toFund: string;
  readonly amount: bigint;
}

export interface Effect {
  readonly gas: bigint;
  readonly credits: bigint;
  readonly sent?: Sent;
}

const DAY_MS = 86_400_000;

export class BookModel {
  readonly owner: string;
  readonly purses = new Map<string, bigint>();
  readonly funds = new Set<string>();
  readonly #everOpened = new Set<string>(['main']);
  readonly #promises = new Map<string, Promised>();
  readonly #openPromises = new Set<string>();
  readonly #watched = new Map<string, number>();
  readonly #taken = new Map<string, boolean>();
  #diary: DiaryLine[] = [];
  isClosed = false;

  constructor(owner: string) {
    this.owner = owner;
    this.funds.add('main');
  }

  get isPlatform(): boolean {
    return this.owner === 'platform';
  }

  has(purse: string): bigint {
    return this.purses.get(purse) ?? 0n;
  }

  add(purse: string, amount: bigint): void {
    this.purses.set(purse, this.has(purse) + amount);
  }

  openPromises(): readonly string[] {
    return [...this.#openPromises];
  }

  /** Null when the book should refuse; else what it should do, done here. */
  play(command: Command, now: number): Effect | null {
    if (this.isClosed) return null;
    switch (command.kind) {
      case 'reserve':
      case 'withdraw':
        return this.#promise(command, now);
      case 'bind':
        return this.#bind(command, now);
      case 'capture':
      case 'settle':
      case 'release':
        return this.#keepPromise(command, now);
      case 'watch':
      case 'chain_entry':
      case 'assign':
        return this.#meetChain(command);
      case 'open':
      case 'close_fund':
      case 'close_book':
        return this.#openOrClose(command);
      default:
        return this.#pay(command, now);
    }
  }

  /** A payment from another book: once. False when it is not wanted. */
  take({ from, id, toFund, amount }: Sent): boolean {
    const key = `${from}/${id}`;
    const known = this.#taken.get(key);
    if (known !== undefined) return known;
    this.#taken.set(key, !this.isClosed);
    if (!this.isClosed) this.add(`available ${this.#isFund(toFund) ? toFund : 'main'}`, amount);
    return !this.isClosed;
  }

  hasTaken({ from, id }: Sent): boolean {
    return this.#taken.get(`${from}/${id}`) === true;
  }

  /** The other book has answered. */
  clear({ fund, id, amount }: Sent, isTaken: boolean): void {
    this.add(`in_transit ${fund}`, -amount);
    if (!isTaken) this.add(`available ${fund === 'deposits' ? `suspense:${id}` : fund}`, amount);
  }

  #pay(
    command: Command & { kind: 'spend' | 'transfer' | 'buy_credits' | 'allocate' | 'move' },
    now: number,
  ): Effect | null {
    const { amount, kind, budgets } = command;
    if (kind === 'allocate') {
      if (!this.#fits(budgets, amount, now)) return null;
      this.#write(budgets, { amount, now, hold: null });
      this.add('credits', amount);
      return { gas: 0n, credits: amount };
    }
    const { fund } = command;
    const target = kind === 'transfer' ? command.toFund : fund;
    if (!this.#isFund(fund) || !this.#isFund(target)) return null;
    if (kind === 'transfer' && target === fund) return null;
    if (kind === 'move' && fund.startsWith('suspense:')) return null;
    const bought = kind === 'buy_credits' ? (amount * command.creditsPerGas) / 100_000_000n : 0n;
    if (kind === 'buy_credits' && bought === 0n) return null;
    const from = kind === 'spend' ? command.source : 'gas';
    const credits = from === 'gas' ? 0n : min(amount, this.has('credits'));
    const gas = amount - credits;
    if (from === 'credits' && gas > 0n) return null;
    if (gas > 0n && this.has(`available ${fund}`) - (command.keepAtLeast ?? 0n) < gas) return null;
    if (!this.#fits(budgets, amount, now)) return null;
    this.#write(budgets, { amount, now, hold: null });
    this.add('credits', bought - credits);
    this.add(`available ${fund}`, -gas);
    if (kind === 'transfer') this.add(`available ${target}`, gas);
    else if (kind === 'move') this.add(`in_transit ${fund}`, gas);
    else this.add('spent', gas);
    const to = kind === 'move' ? command.to : null;
    return {
      gas,
      credits: kind === 'buy_credits' ? bought : credits,
      ...(to && {
        sent: {
          id: `${command.owner}/${command.id}`,
          from: this.owner,
          to: to.owner,
          fund,
          toFund: to.fund,
          amount,
        },
      }),
    };
  }

  #promise(command: Command & { kind: 'reserve' | 'withdraw' }, now: number): Effect | null {
    const { fund, budgets, until } = command;
    const isPayout = command.kind === 'withdraw';
    const amount = isPayout ? command.amount + command.fee : command.amount;
    const from = isPayout ? 'gas' : command.source;
    if (!this.#isFund(fund)) return null;
    if (until.kind === 'chain' && from !== 'gas') return null;
    const credits = from === 'gas' ? 0n : min(amount, this.has('credits'));
    const gas = amount - credits;
    if (from === 'credits' && gas > 0n) return null;
    if (gas > 0n && this.has(`available ${fund}`) - (command.keepAtLeast ?? 0n) < gas) return null;
    if (!this.#fits(budgets, amount, now)) return null;
    const id = `${command.owner}/${command.id}`;
    this.#write(budgets, { amount, now, hold: id });
    this.add(`available ${fund}`, -gas);
    this.add(`reserved ${fund}`, gas);
    this.add('credits', -credits);
    this.add('credits held', credits);
    this.#openPromises.add(id);
    this.#promises.set(id, {
      gas,
      credits,
      payout: isPayout ? command.amount : 0n,
      fund,
      toFund: isPayout && command.route === 'resolver' ? 'equity' : 'clearing',
      until: until.kind === 'timed' ? now + until.forMs : null,
    });
    return { gas, credits };
  }

  #bind(command: Command & { kind: 'bind' }, now: number): Effect | null {
    const promise = this.#open(command, now);
    if (promise === null || promise.until === null || promise.credits > 0n) return null;
    promise.until = null;
    return { gas: promise.gas, credits: 0n };
  }

  #keepPromise(
    command: Command & { kind: 'capture' | 'settle' | 'release' },
    now: number,
  ): Effect | null {
    const promise = this.#open(command, now);
    if (promise === null) return null;
    if (promise.until === null && command.verdict === undefined) return null;
    const isPayout = promise.payout > 0n;
    const uses = (command.counts ?? []).map(
      (count) => ({ ...count, counts: 'uses', cap: 0n }) as const,
    );
    const end = (taken: bigint, payout: bigint) => {
      this.#write(uses, { amount: 0n, now, hold: null });
      return this.#end(command, { promise, taken, payout });
    };
    if (command.kind === 'release') return end(0n, 0n);
    if ((command.kind === 'settle') !== isPayout) return null;
    const payout = command.kind === 'settle' && command.outcome === 'paid' ? promise.payout : 0n;
    const cost = command.kind === 'settle' ? command.fee : command.amount;
    if (cost > promise.gas + promise.credits - promise.payout) return null;
    return end(cost, payout);
  }

  #end(
    command: Command & { kind: 'capture' | 'settle' | 'release' },
    { promise, taken, payout }: { promise: Promised; taken: bigint; payout: bigint },
  ): Effect {
    const { fund } = promise;
    const id = `${command.owner}/${command.hold}`;
    const credits = min(taken, promise.credits);
    const gas = taken - credits;
    this.#giveBack(id, promise, { gas: gas + payout, credits });
    this.add(this.isPlatform ? 'available equity' : 'spent', gas);
    const whole = { gas: promise.gas, credits: promise.credits };
    if (command.kind === 'release') return whole;
    if (payout === 0n) return { gas, credits };
    const { toFund } = promise;
    if (this.isPlatform) {
      this.add(`available ${toFund}`, payout);
      return { gas: gas + payout, credits };
    }
    this.add(`in_transit ${fund}`, payout);
    const sent = { id, from: this.owner, to: 'platform', fund, toFund, amount: payout };
    return { gas: gas + payout, credits, sent };
  }

  #giveBack(id: string, promise: Promised, taken: { gas: bigint; credits: bigint }): void {
    this.#openPromises.delete(id);
    this.add(`reserved ${promise.fund}`, -promise.gas);
    this.add(`available ${promise.fund}`, promise.gas - taken.gas);
    this.add('credits held', -promise.credits);
    this.add('credits', promise.credits - taken.credits);
    const sum = taken.gas + taken.credits;
    for (const line of this.#diary) {
      if (line.hold !== id) continue;
      if (line.window === 'open') line.amount = 0n;
      else if (!line.isUse) line.amount = sum;
      else if (sum === 0n) line.amount = 0n;
    }
  }

  /** Time does it, and nobody has to come by. */
  expire(now: number): void {
    for (const id of this.#openPromises) {
      const promise = this.#promises.get(id);
      if (promise !== undefined && promise.until !== null && now >= promise.until)
        this.#giveBack(id, promise, { gas: 0n, credits: 0n });
    }
  }

  #open({ owner, hold }: { owner: string; hold: string }, now: number): Promised | null {
    const id = `${owner}/${hold}`;
    const promise = this.#openPromises.has(id) ? this.#promises.get(id) : undefined;
    if (promise === undefined) return null;
    return promise.until !== null && now >= promise.until ? null : promise;
  }

  #meetChain(command: Command & { kind: 'watch' | 'chain_entry' | 'assign' }): Effect | null {
    if (command.kind === 'watch') {
      this.#watched.set(command.address, command.height);
      this.add('available equity', command.opening);
      this.add('on chain', command.opening);
      return { gas: command.opening, credits: 0n };
    }
    if (command.kind === 'assign') return this.#assign(command);
    const { amount, destination, direction, id } = command;
    for (const side of [command.address, direction === 'internal' ? command.counterparty : null])
      if (side !== null && !((this.#watched.get(side) ?? Infinity) < command.height)) return null;
    const effect = { gas: amount, credits: 0n };
    if (direction === 'internal') return effect;
    if (direction === 'out') {
      this.add(`available ${destination?.kind === 'equity' ? 'equity' : 'clearing'}`, -amount);
      this.add('on chain', -amount);
      return effect;
    }
    this.add('on chain', amount);
    if (destination?.kind === 'book') {
      this.add('in_transit deposits', amount);
      const { owner: to, fund: toFund } = destination;
      return { ...effect, sent: { id, from: this.owner, to, fund: 'deposits', toFund, amount } };
    }
    this.add(`available ${destination?.kind === 'equity' ? 'equity' : `suspense:${id}`}`, amount);
    return effect;
  }

  #assign({
    deposit,
    to: { owner: to, fund: toFund },
  }: Command & { kind: 'assign' }): Effect | null {
    const fund = `suspense:${deposit}`;
    const amount = this.has(`available ${fund}`);
    if (amount === 0n || this.has(`reserved ${fund}`) > 0n) return null;
    this.add(`available ${fund}`, -amount);
    this.add(`in_transit ${fund}`, amount);
    const sent = { id: deposit, from: this.owner, to, fund, toFund, amount };
    return { gas: amount, credits: 0n, sent };
  }

  #openOrClose(command: Command & { kind: 'open' | 'close_fund' | 'close_book' }): Effect | null {
    const parts = ['available', 'reserved', 'in_transit'];
    if (command.kind === 'close_book') {
      const isEmpty = [...this.purses].every(
        ([purse, amount]) => amount === 0n || !parts.includes(purse.split(' ')[0] ?? ''),
      );
      this.isClosed = isEmpty;
      return isEmpty ? { gas: 0n, credits: 0n } : null;
    }
    const { fund } = command;
    if (command.kind === 'open') {
      if (this.#everOpened.has(fund) || this.funds.size >= 100) return null;
      this.#everOpened.add(fund);
      this.funds.add(fund);
    } else {
      const isEmpty = parts.every((part) => this.has(`${part} ${fund}`) === 0n);
      if (fund === 'main' || !this.funds.has(fund) || !isEmpty) return null;
      this.funds.delete(fund);
    }
    return { gas: 0n, credits: 0n };
  }

  #isFund(fund: string): boolean {
    return this.isPlatform || this.funds.has(fund);
  }

  #fits(budgets: readonly Budget[], amount: bigint, now: number): boolean {
    return budgets.every(({ counter, window, counts, cap }) => {
      const used = this.usedOf(counter, window, now);
      if (counts === 'nothing') return used < cap;
      return used + (counts === 'amount' ? amount : 1n) <= cap;
    });
  }

  usedOf(counter: string, window: Budget['window'], now: number): bigint {
    const day = Math.floor(now / DAY_MS);
    return this.#diary
      .filter((line) => line.counter === counter && line.window === window)
      .filter((line) => window !== 'day' || line.day === day)
      .reduce((sum, line) => sum + line.amount, 0n);
  }

  #write(
    budgets: readonly Budget[],
    { amount, now, hold }: { amount: bigint; now: number; hold: string | null },
  ): void {
    const day = Math.floor(now / DAY_MS);
    // What can count no more is torn out, so that the diary stays short.
    if (this.#diary.length > 400)
      this.#diary = this.#diary.filter(
        (line) =>
          line.amount > 0n && (line.window !== 'day' || line.day === day || this.#isHeld(line)),
      );
    for (const { counter, window, counts } of budgets) {
      if (counts === 'nothing') continue;
      const isUse = counts === 'uses';
      this.#diary.push({ counter, window, day, isUse, amount: isUse ? 1n : amount, hold });
    }
  }

  #isHeld({ hold }: DiaryLine): boolean {
    return hold !== null && this.#openPromises.has(hold);
  }
}

const min = (one: bigint, other: bigint): bigint => (one < other ? one : other);
