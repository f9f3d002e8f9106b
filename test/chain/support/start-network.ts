/**
 * A private network for one run of the tests: a validator and a follower on free ports, in memory,
 * with 1 s blocks. A test learns of it through `devnet` of support/devnet.ts. Nothing runs when the
 * node is not neo-go of the pinned version: what these tests prove, they prove against it.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { type NetworkDescription, startNetwork } from '../../../scripts/devnet/network.ts';
import { parseVersions } from '../../../scripts/devnet/toolchain.ts';

declare module 'vitest' {
  interface ProvidedContext {
    readonly network: NetworkDescription;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), 'chain-tests-'));
  const network = await startNetwork({
    folder,
    storage: 'memory',
    blockMs: 1000,
    services: false,
    follower: true,
  });
  const teardown = async (): Promise<void> => {
    await network.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  const { userAgent } = network.description;
  if (userAgent !== expectedUserAgent()) {
    await teardown();
    throw new Error(`the node is ${userAgent}, not ${expectedUserAgent()}`);
  }
  project.provide('network', network.description);
  return teardown;
}

function expectedUserAgent(): string {
  const { neoGo } = parseVersions(readFileSync('scripts/devnet/go/go.mod', 'utf8'));
  return `/NEO-GO:${neoGo}/`;
}
