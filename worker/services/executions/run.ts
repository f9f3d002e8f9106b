/**
 * One run of a function in this isolate: takes its turns, keeps the time it may wait for the world, and gives back what
 * the code did. Stores nothing and carries out no action.
 */
import {
  type ExecuteInput,
  execute,
  prepareGuest,
  type RunResult,
} from '../../core/functions-runtime/execute.ts';
import type { Guest } from '../../core/functions-runtime/guest.ts';
import type { HostAnswer } from '../../core/functions-runtime/journal.ts';
import { LIMITS } from '../../core/functions-runtime/limits.ts';
import type { Turn } from '../../http/turns.ts';

export interface RunRequest extends Omit<ExecuteInput, 'signal' | 'guest' | 'pace'> {
  readonly accountId: string;
  /** Asked before each host call; true ends the run. */
  readonly isCancelled: () => Promise<boolean>;
  /** Shorter than the platform's bound for all waiting of the run. */
  readonly awaitMs?: number;
}

const CANCELLED: HostAnswer = {
  ok: false,
  code: 'functions.cancelled',
  message: 'The execution was cancelled',
};

/** Nobody could be asked: the run goes on, and its lease bounds it. */
const isCancelled = (request: RunRequest): Promise<boolean> =>
  request.isCancelled().catch(() => false);

export async function runInTurn(turn: Turn, request: RunRequest): Promise<RunResult> {
  const wait = new WaitBudget(request.awaitMs ?? LIMITS.awaitMs.value);
  let guest: Guest | undefined;
  try {
    await turn.compute();
    guest = prepareGuest(request.runtime);
    turn.adopt(guest.vm);
    return await execute({
      ...request,
      guest,
      signal: wait.signal,
      host: async (call) => {
        if (!(await isCancelled(request))) return request.host(call);
        wait.cancel();
        return CANCELLED;
      },
      pace: {
        away: (memoryBytes) => {
          turn.leave(memoryBytes);
          wait.start();
        },
        back: async () => {
          wait.pause();
          await turn.compute();
        },
      },
    });
  } finally {
    wait.pause();
    turn.end(guest?.vm);
  }
}

/** Runs only while the code waits: computing is bounded by fuel, and clocks stand still meanwhile in production. */
class WaitBudget {
  readonly #controller = new AbortController();
  #leftMs: number;
  #since: number | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(budgetMs: number) {
    this.#leftMs = budgetMs;
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  start(): void {
    this.#since = Date.now();
    this.#timer = setTimeout(() => this.#controller.abort('timed_out'), this.#leftMs);
  }

  pause(): void {
    clearTimeout(this.#timer);
    if (this.#since === undefined) return;
    this.#leftMs = Math.max(0, this.#leftMs - (Date.now() - this.#since));
    this.#since = undefined;
  }

  cancel(): void {
    this.#controller.abort('cancelled');
  }
}
