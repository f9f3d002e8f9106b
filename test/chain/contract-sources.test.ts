/**
 * The contracts apart from any network: what is committed is what the sources give, and their own
 * tests pass on the virtual machine of the nodes. Each Go test is a test here.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  compileContract,
  contractNames,
  keepsArtifacts,
  readArtifacts,
} from '../../scripts/devnet/contracts.ts';
import { parseVersions } from '../../scripts/devnet/toolchain.ts';
import { runGoTests } from './support/go-tests.ts';

const goTests = await runGoTests();
const kept = contractNames().filter(keepsArtifacts);

describe('the artifacts in the tree', () => {
  test('are kept by the contract that holds GAS', () => {
    expect(kept).toContain('gas-vault');
  });

  test.each(kept)('of %s are what the pinned compiler makes of its sources', async (name) => {
    const compiled = await compileContract(name);
    const committed = readArtifacts(name);
    expect(committed.nef.equals(compiled.nef)).toBe(true);
    expect(committed.manifest).toBe(compiled.manifest);
  });

  test('are tried on the virtual machine of the version that compiles them', () => {
    const [ofContracts, ofNodes] = ['contracts', 'scripts/devnet/go'].map((module) =>
      parseVersions(readFileSync(`${module}/go.mod`, 'utf8')),
    );
    expect(ofContracts).toEqual(ofNodes);
  });
});

describe('go test', () => {
  test.each(goTests)('$name', ({ passed, output }) => {
    if (!passed) throw new Error(output);
  });
});
