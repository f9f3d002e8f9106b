/**
 * Slots and turns of runs (core/run-slots) with time and promises. Whoever waits asks again on a timer of its own request:
 * a promise cannot be settled across requests on this platform, and a timer dies with its request. Each turn is thereby
 * taken in a fresh turn of the event loop, so health checks, other requests and finished host calls are served between
 * the runs of a queue. A run that gets no slot in two seconds is refused.
 *
 * A dropped run's memory is counted until the garbage collector has taken it: a flood of memory bombs waits for the
 * collector instead of piling up.
 */
import { err, ok, type Result } from '../core/result.ts';
import { LIMITS } from '../core/run-slots/limits.ts';
import { RunSlots } from '../core/run-slots/slots.ts';

/** A run's hold on the isolate. */
export interface Turn {
  /** Resolves when the run may compute: before it starts, and after each wait for the world. */
  readonly compute: () => Promise<void>;
  /** The run begins to wait for the world. */
  readonly leave: (grownBytes: number) => void;
  /** The run is over, or never began. A guest's memory counts until the garbage collector has taken it. */
  readonly end: (guest?: DroppedGuest) => void;
}

export interface DroppedGuest {
  readonly memoryBytes: number;
}

export interface TurnRequest {
  readonly accountId: string;
  readonly memoryBytes: number;
}

const POLL_MS = 1;

const slots = new RunSlots({
  liveMax: LIMITS.runsLiveMax.value,
  waitingMax: LIMITS.runsWaitingMax.value,
  memoryBytesMax: LIMITS.runMemoryBytesMax.value,
  askAgainMs: LIMITS.runAskAgainMs.value,
  awayMs: LIMITS.runAwayMs.value,
});
const collected = new FinalizationRegistry<number>((bytes) => slots.collected(bytes));
let nextId = 1;

/** A slot for one run; `compute` gives it turns. */
export async function takeTurn(request: TurnRequest): Promise<Result<Turn, 'functions.capacity'>> {
  const id = nextId;
  nextId += 1;
  const since = Date.now();
  if (!slots.enter({ id, ...request }, since)) return refused();
  while (!slots.tryTake(id, Date.now())) {
    if (Date.now() - since > LIMITS.runSlotWaitMs.value) {
      slots.end(id, 0);
      return refused();
    }
    urgeCollection();
    await afterMs(POLL_MS);
  }
  return ok(turnOf(id));
}

const refused = () => err('functions.capacity', { retryAfterSeconds: 2 });

const turnOf = (id: number): Turn => ({
  compute: async () => {
    slots.comeBack(id, Date.now());
    while (!slots.tryTake(id, Date.now())) {
      urgeCollection();
      await afterMs(POLL_MS);
    }
  },
  leave: (grownBytes) => slots.leave(id, grownBytes, Date.now()),
  end: (guest) => {
    slots.end(id, guest?.memoryBytes ?? 0);
    if (guest) collected.register(guest, guest.memoryBytes);
  },
});

/**
 * V8 collects when enough has been allocated since it last did, and an isolate that only waits allocates nothing. So
 * whoever waits while dropped memory lingers makes some garbage of the same kind.
 */
function urgeCollection(): void {
  if (slots.lingeringBytes > 0) void new ArrayBuffer(URGE_BYTES);
}
const URGE_BYTES = 4 * 1_048_576;

const afterMs = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
