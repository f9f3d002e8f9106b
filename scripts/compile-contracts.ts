/**
 * Compiles the contracts that keep their artifacts in the tree, and writes these. Run it after a
 * change of such a contract or of the compiler, and commit what it wrote: it is what people deploy
 * and read, and `npm run test:chain` fails while it is not what the sources give.
 */
import {
  compileContract,
  contractNames,
  keepsArtifacts,
  writeArtifacts,
} from './devnet/contracts.ts';
import { endWith } from './serve/user-error.ts';

async function compileContracts(): Promise<void> {
  for (const name of contractNames().filter(keepsArtifacts)) {
    for (const path of writeArtifacts(await compileContract(name))) {
      process.stdout.write(`${path}\n`);
    }
  }
}

compileContracts().catch(endWith);
