/**
 * A sender over SQLite in memory: the same statements, decisions and turns that the object runs,
 * without the object. What the runtime adds there (one transaction for each method, the alarm in
 * the same turn) is done here by the same few lines.
 */
import { boundedSql } from '../../durable-objects/bounded-sql.ts';
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
import { storageInMemory } from './sqlite-storage.ts';
import type { SenderUnderTest } from './world.ts';

export function senderInMemory(clock: () => number, chance: Chance): SenderUnderTest {
  const storage = storageInMemory();
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
