/**
 * A book over SQLite in memory: the same statements, decisions and turns that the object runs,
 * without the object. What the runtime adds there (one transaction for each method) is done here by
 * the same few lines, and a turn can be made to die at any statement.
 */
import { checkpoint } from '../../../durable-objects/account-ledger/checkpoints.ts';
import { execute } from '../../../durable-objects/account-ledger/execute.ts';
import { MIGRATIONS } from '../../../durable-objects/account-ledger/migrations.ts';
import { nextAlarmAt, sweep } from '../../../durable-objects/account-ledger/sweep.ts';
import {
  acknowledge,
  leaseMoves,
  receive,
} from '../../../durable-objects/account-ledger/transit.ts';
import { ledgerStores, type Turn } from '../../../durable-objects/account-ledger/turn.ts';
import { boundedSql, type SqlExec } from '../../../durable-objects/bounded-sql.ts';
import { migrate } from '../../../durable-objects/migrate.ts';
import { storageInMemory } from '../sqlite-storage.ts';
import type { LedgerUnderTest } from './world.ts';

/** The process died in the middle of a turn. */
class Died extends Error {
  override readonly name = 'Died';
}

export function ledgerInMemory(clock: () => number): LedgerUnderTest {
  const storage = storageInMemory();
  let statementsLeft = Number.POSITIVE_INFINITY;
  const sql: SqlExec = {
    exec: (statement, ...parameters) => {
      statementsLeft -= 1;
      if (statementsLeft < 0) throw new Died();
      return storage.sql.exec(statement, ...parameters);
    },
  };
  migrate(storage, MIGRATIONS, clock());
  // Renewed by `restart`: nothing that a book remembers stands anywhere but in the database.
  let stores = ledgerStores(boundedSql(sql));
  const commit = <Value>(command: (turn: Turn) => Value): Value =>
    storage.transactionSync(() => command({ stores, now: clock(), bytes: () => 0 }));
  return {
    execute: async (order) => commit((turn) => execute(turn, order)),
    receive: async (move) => commit((turn) => receive(turn, move)),
    acknowledge: async (answer) => commit((turn) => acknowledge(turn, answer)),
    checkpoint: async (order) => commit((turn) => checkpoint(turn, order)),
    ring: async () =>
      commit((turn) => {
        sweep(turn);
        return leaseMoves(turn);
      }),
    alarmAt: async () => nextAlarmAt(stores),
    dieAfter: (statements) => {
      statementsLeft = statements ?? Number.POSITIVE_INFINITY;
    },
    restart: async () => {
      stores = ledgerStores(boundedSql(sql));
    },
    rows: async (statement) => storage.sql.exec(statement).toArray(),
  };
}

export const isDeath = (thrown: unknown): boolean =>
  thrown instanceof Error && thrown.name === 'Died';
