/**
 * Everything that is measured, served at once: the product with a tenant in it and the floors, both
 * with the same number of accounts and with their data on the same disk. The product is stopped to
 * be filled, since nobody writes to its storage but itself.
 */
import { join } from 'node:path';
import type { Tenant } from './comparisons.ts';
import { fillAccounts, fillStoredAccounts } from './rows.ts';
import { type ServedFloors, serveFloors } from './served-floors.ts';
import { type ServedProduct, serveProduct } from './served-product.ts';
import { openTenant } from './tenant.ts';

export interface Site {
  readonly floors: ServedFloors['origins'];
  tenant(): Tenant;
  /** Adds accounts until both sides have at least so many. */
  fill(accounts: number): Promise<void>;
  stop(): Promise<void>;
}

export async function openSite(root: string, folder: string): Promise<Site> {
  const state = join(folder, 'product');
  let product: ServedProduct | undefined;
  let floors: ServedFloors | undefined;
  const stop = async (): Promise<void> => {
    await Promise.all([product?.stop(), floors?.stop()]);
  };
  try {
    const first = await serveProduct(root, state);
    product = first;
    const served = await serveFloors(root, join(folder, 'floors'));
    floors = served;
    let tenant = await openTenant(first);
    const fill = async (accounts: number): Promise<void> => {
      await product?.stop();
      await fillStoredAccounts(root, join(state, 'storage'), accounts);
      await fillAccounts(served.database, accounts);
      const again = await serveProduct(root, state);
      product = again;
      tenant = { ...tenant, origin: again.origin };
    };
    return { floors: served.origins, tenant: () => tenant, fill, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
