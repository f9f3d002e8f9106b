/**
 * Virtual time and the order in which things happen in it: a binary heap by time, and by chance
 * where times are equal, so that every order of concurrent things is met by some seed. One event
 * runs at a time and is awaited; what it set free runs until nothing moves before the next.
 */
import type { Chance } from './random.ts';

type Happen = () => void | Promise<void>;

interface Entry {
  readonly at: number;
  readonly order: number;
  readonly happen: Happen;
}

export class Agenda {
  now: number;
  readonly #chance: Chance;
  readonly #settle: () => Promise<void>;
  readonly #heap: Entry[] = [];

  constructor(start: number, chance: Chance, settle: () => Promise<void>) {
    this.now = start;
    this.#chance = chance;
    this.#settle = settle;
  }

  after(delayMs: number, happen: Happen): void {
    const entry = { at: this.now + delayMs, order: this.#chance.bits32(), happen };
    this.#heap.push(entry);
    this.#rise(this.#heap.length - 1);
  }

  /** False when nothing is left to happen. */
  async step(): Promise<boolean> {
    const [first] = this.#heap;
    const last = this.#heap.pop();
    if (first === undefined || last === undefined) return false;
    if (this.#heap.length > 0) {
      this.#heap[0] = last;
      this.#sink();
    }
    this.now = first.at;
    await first.happen();
    await this.#settle();
    return true;
  }

  #rise(from: number): void {
    let index = from;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!this.#swapIfEarlier(index, parent)) return;
      index = parent;
    }
  }

  #sink(): void {
    let index = 0;
    for (;;) {
      const left = 2 * index + 1;
      const right = left + 1;
      const child = this.#isEarlier(right, left) ? right : left;
      if (!this.#swapIfEarlier(child, index)) return;
      index = child;
    }
  }

  #isEarlier(index: number, other: number): boolean {
    const one = this.#heap[index];
    const two = this.#heap[other];
    if (one === undefined || two === undefined) return false;
    return one.at < two.at || (one.at === two.at && one.order < two.order);
  }

  #swapIfEarlier(index: number, other: number): boolean {
    if (!this.#isEarlier(index, other)) return false;
    const one = this.#heap[index];
    const two = this.#heap[other];
    if (one === undefined || two === undefined) return false;
    this.#heap[index] = two;
    this.#heap[other] = one;
    return true;
  }
}
