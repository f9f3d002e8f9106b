/**
 * The books' way to each other and to the catalogue (core/ports.ts). Moves go side by side, so that
 * a book that cannot be reached delays no other; what goes wrong is logged and never reported: it is
 * told again.
 */
import { WorkerEntrypoint } from 'cloudflare:workers';
import { type BookIdentity, bookName } from '../core/ledger/book.ts';
import type { BookMove } from '../core/ledger/moves.ts';
import type { BookPort as Port } from '../core/ports.ts';
import { defaultSettings, type Env, parseSettings } from '../env.ts';
import { createLog, errorFields, type Log } from '../http/log.ts';
import { loaded } from './loaded.ts';

export class BookPort extends WorkerEntrypoint<Env> implements Port {
  async deliverMoves(moves: readonly BookMove[]): Promise<void> {
    const log = logOf(this.env);
    await Promise.all(
      moves.map(async (move) => {
        try {
          await deliver(this.env, move);
        } catch (thrown) {
          const { magic, fromOwner, toOwner, id } = move;
          log.error('ledger.move_failed', {
            magic,
            fromOwner,
            toOwner,
            id,
            ...errorFields(thrown),
          });
        }
      }),
    );
  }

  async deliverNotices(book: BookIdentity): Promise<void> {
    try {
      const { hearBook } = await loaded.proofs();
      await hearBook({ env: this.env, now: Date.now() }, book);
    } catch (thrown) {
      logOf(this.env).error('ledger.notices_failed', { ...book, ...errorFields(thrown) });
    }
  }
}

function logOf(env: Env): Log {
  const parsed = parseSettings(env);
  return createLog((parsed.ok ? parsed.value : defaultSettings).LOG_LEVEL);
}

async function deliver({ ACCOUNT_LEDGER: books }: Env, move: BookMove): Promise<void> {
  const { magic, fromOwner, toOwner, number } = move;
  const taken = await books.getByName(bookName({ magic, owner: toOwner })).receive(move);
  // The platform's book is not there yet; the move stays in transit and is told again.
  if (!taken.ok) return;
  const { isTaken, closedHeight } = taken.value;
  const sender = books.getByName(bookName({ magic, owner: fromOwner }));
  await sender.acknowledge({ number, isTaken, closedHeight });
}
