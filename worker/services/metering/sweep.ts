/** What is left over of metered work: orders whose request has died, and the day's storage. */
import { commit } from '../../http/commit.ts';
import { errorFields } from '../../http/log.ts';
import type { MeterDeps } from './meter.ts';
import { type CreditOrderRow, carryOut, listDueOrders, markBooked, toldOf } from './orders.ts';
import { chargeStorage } from './storage.ts';

const OPERATIONS = {
  purchase: 'metering.buyCredits',
  grant: 'metering.grantCredits',
  initial: 'metering.claimInitialAllocation',
} as const;

export async function sweepMetering(deps: MeterDeps): Promise<void> {
  for (const row of await listDueOrders(deps.db, deps.now)) {
    try {
      await finishOrder(deps, row);
    } catch (thrown) {
      const { accountId, orderKey } = row;
      deps.log.error('metering.order_failed', { accountId, orderKey, ...errorFields(thrown) });
    }
  }
  await chargeStorage(deps);
}

async function finishOrder(deps: MeterDeps, row: CreditOrderRow): Promise<void> {
  const { env, db, now } = deps;
  const booked = await carryOut(deps, row);
  if (!booked.ok) return;
  const actor = { kind: 'system', id: 'sweep' } as const;
  await commit(
    { env, db, now, operationId: OPERATIONS[row.kind], actor },
    {
      statements: [markBooked(db, row, now)],
      ...toldOf(row),
      answer: { status: 201, body: null },
    },
  );
}
