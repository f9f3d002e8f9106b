/**
 * Probes of nodes that a request sets off and does not wait for. The runtime ends what a request
 * left behind; a probe that ended so, time after time, would let a node that was cut off look well.
 */
import { expect, it, onTestFinished, vi } from 'vitest';
import { networkClient } from '../../worker/chain/network-client.ts';
import { LIMITS } from '../../worker/core/neo/rpc/limits.ts';
import { call } from '../support/harness.ts';
import { NETWORKS } from '../support/small-chain.ts';

const path = `/chain/networks/${NETWORKS.up.id}`;
const UNKNOWN = `0x${'ee'.repeat(32)}`;

/** A node that takes its time for the last question of a probe, and for nothing else. */
function slowDownProbes(): void {
  const send = globalThis.fetch;
  vi.stubGlobal('fetch', async (input: RequestInfo, init?: RequestInit) => {
    const isProbe = typeof init?.body === 'string' && init.body.includes('getblockheader');
    if (isProbe) await new Promise((resolve) => setTimeout(resolve, 200));
    return send(input, init);
  });
}

it('outlive the answer they came with', async () => {
  // The isolate's own, which the Worker has too.
  const client = networkClient({ ...NETWORKS.up, rpc: [...NETWORKS.up.rpc] });
  const blockTimeMs = () => client.status()[0]?.blockTimeMs ?? 0;
  expect((await call(`GET ${path}`)).status).toBe(200);
  const before = blockTimeMs();
  expect(before).toBeGreaterThan(0);
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 2 * LIMITS.rpcProbeEveryMs.value });
  slowDownProbes();
  onTestFinished(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });
  expect((await call(`GET ${path}/transactions/${UNKNOWN}`)).status).toBe(404);
  await expect.poll(blockTimeMs).toBeGreaterThan(before);
});
