/** What the tests of gas accounts need beside the API. */
import { env } from 'cloudflare:workers';
import { expect } from 'vitest';
import { connect } from '../../../worker/db/connect.ts';
import type { Env } from '../../../worker/env.ts';
import { createLog } from '../../../worker/http/log.ts';
import { sweepGasAccounts } from '../../../worker/services/gasbank/index.ts';
import { callAltered } from '../../support/altered-platform.ts';
import type { Called, Tenant } from '../../support/harness.ts';
import { NETWORKS } from '../../support/small-chain.ts';

export const ABSENT = 'gas_01k4j8x1e0e4r9v2m3n5p6q7rs';
export const NETWORK = NETWORKS.up.id;
export const MINUTE_MS = 60_000;

/** The same tenant, where a second network is served. */
export const onTwoNetworks = (tenant: Tenant): Tenant => ({
  ...tenant,
  call: (request, { body } = {}) => {
    const [method = '', path = ''] = request.split(' ');
    const alterations = { NEO_NETWORKS: JSON.stringify([NETWORKS.up, NETWORKS.down]) };
    return callAltered(alterations, `${method} /accounts/${tenant.accountId}${path}`, {
      token: tenant.key,
      body,
    });
  },
});

export const pathOf = ({ body }: Called): string => `/gasbank/gas-accounts/${body.id}`;

export const balanceOf = async (tenant: Tenant, account: Called) =>
  (await tenant.call(`GET ${pathOf(account)}/balance`)).body;

export const availableOf = async (tenant: Tenant, account: Called): Promise<string> =>
  (await balanceOf(tenant, account)).available;

export const transfer = (
  tenant: Tenant,
  [from, to]: readonly [Called, Called],
  fields: object = {},
): Promise<Called> =>
  tenant.call('POST /gasbank/transfers', {
    body: {
      id: 'transfer-1',
      fromGasAccountId: from.body.id,
      toGasAccountId: to.body.id,
      amount: '1',
      ...fields,
    },
  });

export const reserve = (tenant: Tenant, account: Called, fields: object = {}): Promise<Called> =>
  tenant.call('POST /gasbank/reservations', {
    body: {
      id: 'job-1',
      gasAccountId: account.body.id,
      amount: '1',
      purpose: 'work',
      expiresInSeconds: 60,
      ...fields,
    },
  });

export const reservationPath = (id = 'job-1', network: string = NETWORK): string =>
  `/gasbank/reservations/${encodeURIComponent(network)}/${id}`;

export const sweepGas = (now = Date.now()): Promise<void> => {
  const bindings = env as unknown as Env;
  return sweepGasAccounts({
    env: bindings,
    db: connect(bindings.DB),
    now,
    log: createLog('silent'),
  });
};

/** Of this type, in their order. */
export async function eventsOf(tenant: Tenant, type: string): Promise<readonly Called['body'][]> {
  const listed = await tenant.call('GET /events?limit=500');
  expect(listed.status, listed.text).toBe(200);
  return listed.body.items.filter((event: Called['body']) => event.type === type);
}
