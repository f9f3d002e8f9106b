/**
 * A sender over SQLite in memory: the same statements, decisions and turns that the object runs,
 * without the object. What the runtime adds there (one transaction for each method, the alarm in
 * the same turn) is done here by the same few lines.
 */
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { boundedSql, type SqlExec, type SqlRow } from '../../durable-objects/bounded-sql.ts';
import { migrate } from '../../durable-objects/migrate.ts';
import {
  acknowledge,
  adopt,
  replace,
  resolve,
  send,
} from '../../durable-objects/neo-sender/commands.ts';
import { dispatch, nextAlarmAt } from '../../durable-objects/neo-sender/dispatch.ts';
import { MIGRATIONS } from '../../durable-objects/neo-sender/migrations.ts';
import { report } from '../../durable-objects/neo-sender/reports.ts';
import { senderStores, type Turn } from '../../durable-objects/neo-sender/turn.ts';
import { ok } from '../../worker/core/result.ts';
import { dayOf } from '../../worker/core/wallets/wallet-policy.ts';
import type { Chance } from './random.ts';
import type { SenderUnderTest } from './world.ts';

export function senderInMemory(clock: () => number, chance: Chance): SenderUnderTest {
  const database = new DatabaseSync(':memory:');
  const storage = storageOf(database);
  migrate(storage, MIGRATIONS, clock());
  // Renewed by `restart`: nothing that a sender remembers stands anywhere but in the database.
  let stores = senderStores(boundedSql(storage.sql));
  const turn = (): Turn => ({ stores, now: clock(), nonce: () => chance.bits32() });
  const commit = <Value>(command: (turn: Turn) => Value): Value =>
    storage.transactionSync(() => command(turn()));
  return {
    send: async (command) => commit((own) => send(own, command)),
    adopt: async (command) => commit((own) => adopt(own, command)),
    spent: async () => ok(stores.spendings.loadDay(dayOf(clock()))),
    replace: async (command) => commit((own) => replace(own, command)),
    resolve: async (command) => commit((own) => resolve(own, command)),
    report: async (stepReport) => commit((own) => report(own, stepReport)),
    listEvents: async () => stores.records.listEvents(0, 500),
    acknowledgeEvents: async (through) => {
      commit((own) => acknowledge(own, through));
    },
    alarmAt: async () => nextAlarmAt(stores),
    ring: async () => commit(dispatch),
    restart: async () => {
      stores = senderStores(boundedSql(storage.sql));
    },
    rows: async (statement) => storage.sql.exec(statement).toArray(),
  };
}

/** The part of an object's storage that the statements need, over the SQLite of Node. */
function storageOf(database: DatabaseSync) {
  const prepared = new Map<string, StatementSync | 'script'>();
  const prepare = (statement: string): StatementSync | 'script' => {
    const known = prepared.get(statement);
    if (known !== undefined) return known;
    const fresh = /;\s*\S/.test(statement) ? 'script' : database.prepare(statement);
    prepared.set(statement, fresh);
    return fresh;
  };
  const run = <Row extends SqlRow>(statement: string, parameters: readonly unknown[]): Row[] => {
    const ready = prepare(statement);
    if (ready === 'script') {
      database.exec(statement);
      return [];
    }
    // What the statements bind and read are values of SQLite, in both engines.
    return ready.all(...(parameters as Parameters<StatementSync['all']>)) as Row[];
  };
  const sql: SqlExec = {
    exec: <Row extends SqlRow>(statement: string, ...parameters: readonly unknown[]) =>
      cursorOf(run<Row>(statement, parameters)),
  };
  const transactionSync = <Value>(change: () => Value): Value => {
    database.exec('BEGIN');
    try {
      const value = change();
      database.exec('COMMIT');
      return value;
    } catch (fault) {
      database.exec('ROLLBACK');
      throw fault;
    }
  };
  return { sql, transactionSync };
}

const cursorOf = <Row>(rows: Row[]) => ({
  toArray: () => rows,
  next: (): IteratorResult<Row, undefined> => {
    const [value] = rows;
    return value === undefined ? { done: true, value: undefined } : { done: false, value };
  },
  one: (): Row => {
    const [row, ...others] = rows;
    if (row === undefined || others.length > 0) throw new Error('not one row');
    return row;
  },
});
