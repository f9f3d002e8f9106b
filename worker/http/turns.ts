/**
 * Slots and turns of runs (core/run-slots) with time, promises and the garbage collector. Whoever
 * waits asks again on a timer of its own request: a promise cannot be settled across requests on
 * this platform, and a timer dies with its request. Between long runs the event loop serves health
 * checks, other requests and finished host calls. A run that gets no slot in two seconds is
 * refused.
 *
 * A dropped run's memory is counted until the garbage collector has taken it: a flood of memory
 * bombs waits for the collector, which is called when it is in the way, instead of piling up
 * (docs/adr/0005-run-slots.md).
 */
import { err, ok, type Result } from '../core/result.ts';
import { LIMITS } from '../core/run-slots/limits.ts';
import { Pauses } from '../core/run-slots/pauses.ts';
import { RunSlots, type Ticket } from '../core/run-slots/slots.ts';

/** A run's hold on the isolate. */
export interface Turn {
  /** Resolves when the run may compute: before it starts, and after each wait for the world. */
  readonly compute: () => Promise<void>;
  /**
   * Counts the memory until it is collected, even when the request dies on the way; `end` does it
   * at the latest.
   */
  readonly adopt: (guest: GuestMemory) => void;
  /** The run begins to wait for the world. */
  readonly leave: (grownBytes: number) => void;
  /** The run is over, or never began. */
  readonly end: (guest?: GuestMemory) => void;
}

/** The one object that keeps a guest's linear memory alive. */
export interface GuestMemory {
  readonly memoryBytes: number;
}

export interface TurnRequest {
  readonly accountId: string;
  readonly memoryBytes: number;
}

const POLL_MS = 1;
/** A collection that freed nothing is not tried again for so long. */
const COLLECT_AGAIN_MS = 50;

const slots = new RunSlots({
  liveMax: LIMITS.runsLiveMax.value,
  waitingMax: LIMITS.runsWaitingMax.value,
  memoryBytesMax: LIMITS.runMemoryBytesMax.value,
  passOverMs: LIMITS.runPassOverMs.value,
  waitMs: LIMITS.runSlotWaitMs.value,
  awayMs: LIMITS.runAwayMs.value,
});
const pauses = new Pauses({ batchMs: LIMITS.runBatchMs.value, idleMs: 2 * POLL_MS });
const guests = new Map<number, WeakRef<GuestMemory>>();
const finalized = new FinalizationRegistry<number>((id) => forget(id));
let nextId = 1;
let freedNothingAt = Number.NEGATIVE_INFINITY;

/** A slot for one run; `compute` gives it turns. */
export async function takeTurn(request: TurnRequest): Promise<Result<Turn, 'functions.capacity'>> {
  const ticket = { ...request, id: nextId };
  nextId += 1;
  const since = Date.now();
  if (!slots.enter(ticket, since)) return refused();
  while (!tryTake(ticket.id)) {
    if (Date.now() - since > LIMITS.runSlotWaitMs.value) {
      slots.end(ticket.id, 0);
      return refused();
    }
    await afterMs(POLL_MS);
  }
  return ok(turnOf(ticket));
}

const refused = () => err('functions.capacity', { retryAfterSeconds: 2 });

function turnOf(ticket: Ticket): Turn {
  const { id } = ticket;
  let isComputing = false;
  const pause = (): void => {
    if (isComputing) pauses.end(Date.now());
    isComputing = false;
  };
  return {
    compute: async () => {
      let mark: number | undefined;
      slots.comeBack(ticket, Date.now());
      while (!(pauses.mayCompute(mark, Date.now()) && tryTake(id))) {
        mark = pauses.mark;
        await afterMs(POLL_MS);
        slots.comeBack(ticket, Date.now());
      }
      pauses.begin(mark, Date.now());
      isComputing = true;
    },
    adopt: (guest) => adopt(id, guest),
    leave: (grownBytes) => {
      pause();
      slots.leave(id, grownBytes, Date.now());
    },
    end: (guest) => {
      pause();
      if (guest) adopt(id, guest);
      slots.end(id, guests.get(id)?.deref()?.memoryBytes ?? 0);
    },
  };
}

function adopt(id: number, guest: GuestMemory): void {
  if (guests.has(id)) return;
  guests.set(id, new WeakRef(guest));
  finalized.register(guest, id);
  slots.adopt(id);
}

function forget(id: number): void {
  guests.delete(id);
  slots.collected(id);
}

function tryTake(id: number): boolean {
  const taking = slots.tryTake(id, Date.now());
  if (taking !== 'collect' || !collectGarbage()) return taking === 'taken';
  return slots.tryTake(id, Date.now()) === 'taken';
}

/** True when memory came free. */
function collectGarbage(): boolean {
  const now = Date.now();
  // The clock can be set back.
  if (Math.abs(now - freedNothingAt) < COLLECT_AGAIN_MS) return false;
  forceCollection();
  // Only after the collection: to look through a weak reference keeps its target to the end of this
  // job.
  const gone = [...guests].filter(([, guest]) => guest.deref() === undefined);
  for (const [id] of gone) forget(id);
  if (gone.length === 0) freedNothingAt = now;
  return gone.length > 0;
}

/**
 * V8 collects when enough was allocated since it last did, and an isolate that only waits allocates
 * nothing. But before V8 refuses an allocation it collects all it can
 * (Heap::AllocateExternalBackingStore), at once. So ask for what no machine has: more than the
 * address space, and less than the length at which V8 refuses without trying.
 */
function forceCollection(): void {
  try {
    allocate(IMPOSSIBLE_BYTES);
  } catch (refusal) {
    if (!(refusal instanceof RangeError)) throw refusal;
  }
}
const IMPOSSIBLE_BYTES = 2 ** 50;
const allocate = (bytes: number): ArrayBuffer => new ArrayBuffer(bytes);

const afterMs = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
