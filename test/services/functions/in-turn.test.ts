/**
 * Tenants' work beside runs gives its turn back, whatever becomes of it: a turn that is kept stops
 * the isolate for all.
 */
import { afterEach, expect, it, vi } from 'vitest';
import { openTenant } from '../../support/harness.ts';
import { create } from './functions-under-test.ts';

afterEach(() => vi.restoreAllMocks());

it('gives its turn back when the isolate has no memory left for a guest', async () => {
  const tenant = await openTenant();
  const instances = vi.spyOn(WebAssembly, 'Instance').mockImplementation(function refuse() {
    throw new RangeError('out of memory');
  });
  // More than the slots that one account may hold.
  for (let index = 0; index < 20; index += 1) expect((await create(tenant)).status).toBe(500);
  instances.mockRestore();
  expect((await create(tenant)).status).toBe(201);
}, 60_000);
