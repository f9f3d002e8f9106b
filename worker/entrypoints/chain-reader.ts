/**
 * A follower's way to the nodes (core/ports.ts): each lane's step apart, so that a slow re-scan
 * delays no block.
 */
import { WorkerEntrypoint } from 'cloudflare:workers';
import { blockChecker } from '../chain/follower-steps/block-checker.ts';
import { readStep } from '../chain/follower-steps/read-step.ts';
import { rpcEndpoint } from '../chain/follower-steps/rpc-endpoint.ts';
import { networkClient } from '../chain/network-client.ts';
import type { ReadLease } from '../core/chain-follower/reading.ts';
import type { ChainReaderPort } from '../core/ports.ts';
import { defaultSettings, type Env, parseSettings } from '../env.ts';
import { createLog, errorFields } from '../http/log.ts';

export class ChainReader extends WorkerEntrypoint<Env> implements ChainReaderPort {
  async read(leases: readonly ReadLease[]): Promise<void> {
    const parsed = parseSettings(this.env);
    const settings = parsed.ok ? parsed.value : defaultSettings;
    const log = createLog(settings.LOG_LEVEL);
    await Promise.all(
      leases.map(async (lease) => {
        try {
          await this.#readOne(lease, settings.NEO_NETWORKS);
        } catch (thrown) {
          // Never reported: the end of its lease decides.
          log.error('follower.step_failed', { lane: lease.lane, ...errorFields(thrown) });
        }
      }),
    );
  }

  async #readOne(lease: ReadLease, networks: typeof defaultSettings.NEO_NETWORKS): Promise<void> {
    const network = networks.find(
      ({ id, magic }) => id === lease.networkId && magic === lease.magic,
    );
    // Taken out of the settings under a follower that still runs: it has nobody to read for it.
    if (network === undefined) return;
    const client = networkClient(network);
    const endpoints = client.endpoints.map((name) => rpcEndpoint(client, name));
    const report = await readStep(lease, { endpoints, checker: blockChecker(lease.magic) });
    await this.env.CHAIN_FOLLOWER.getByName(lease.networkId).reportRead(report);
  }
}
