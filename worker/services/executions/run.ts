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
import { LIMITS } from '../../core/functions-runtime/limits.ts';
import type { Turn } from '../../http/turns.ts';

export interface RunRequest extends Omit<ExecuteInput, 'signal' | 'guest' | 'pace'> {
  readonly accountId: string;
  /** Asked before each host call; true ends the run. */
  readonly isCancelled: () => Promise<boolean>;
}

export async function runInTurn(turn: Turn, request: RunRequest): Promise<RunResult> {
  await turn.compute();
  const guest = prepareGuest(request.runtime);
  const wait = new WaitBudget(LIMITS.awaitMs.value);
  try {
    return await execute({
      ...request,
      guest,
      signal: wait.signal,
      host: async (call) => {
        if (await request.isCancelled()) wait.cancel();
        return request.host(call);
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
    turn.end(guest.vm);
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
