/** The networks of the tests: one of a scripted node, and one whose node is not there. */
import { callAltered } from '../../support/altered-platform.ts';
import { type Called, call } from '../../support/harness.ts';
import { NETWORKS } from '../../support/small-chain.ts';

export const up = `/chain/networks/${NETWORKS.up.id}`;
export const down = `/chain/networks/${NETWORKS.down.id}`;
export const unknown = '/chain/networks/neo3:mainnet';

export const read = (path: string): Promise<Called> => call(`GET ${path}`);

const NEO_NETWORKS = JSON.stringify([NETWORKS.up, NETWORKS.down]);
export const readWithBoth = (path: string): Promise<Called> =>
  callAltered({ NEO_NETWORKS }, `GET ${path}`);

export const ABSENT = `0x${'ee'.repeat(32)}`;
