/**
 * `slctl account export | import`: an account as a file, to keep or to move to another platform.
 */
import type { Command as Parser } from 'commander';
import { parseAccountFile } from '../account/bundle-format.ts';
import { exportAccount } from '../account/export.ts';
import { importAccount } from '../account/import.ts';
import {
  addGlobalOptions,
  type Context,
  type GlobalFlags,
  openSession,
  styleOf,
} from '../context.ts';
import { readJsonFile } from '../local-file.ts';
import { printAnswer } from '../output/print.ts';

interface AccountFlags extends GlobalFlags {
  readonly accountId?: string;
}

export function addAccountCommands(service: Parser, context: Context): void {
  const { io } = context;
  const exporting = service
    .command('export')
    .summary('write an account to a file')
    .description(
      'Writes account, wallets, policy, secret names and functions with the source of every version to a file. ' +
        'Secret values and API keys are not in it: nobody can read them.',
    )
    .argument('<file>', 'a file, or a folder to write <account id>.json in')
    .option('--account-id <id>', 'the account');
  addGlobalOptions(exporting).action(async (target: string) => {
    const flags = exporting.optsWithGlobals<AccountFlags>();
    const session = await openSession(context, flags);
    printAnswer(io, styleOf(flags), await exportAccount(session, target, flags.accountId));
  });
  const importing = service
    .command('import')
    .summary('make an account from a file')
    .description(
      'Makes the account of an export (needs an operator token), or completes the account --account-id. ' +
        'Running it again is safe. Tells what must be given by hand, secret values above all.',
    )
    .argument('<file>', 'an export; - reads standard input')
    .option('--account-id <id>', 'import into this account instead of making one');
  addGlobalOptions(importing).action(async (source: string) => {
    const flags = importing.optsWithGlobals<AccountFlags>();
    const file = parseAccountFile(await readJsonFile(io, source), source);
    const session = await openSession(context, flags);
    printAnswer(io, styleOf(flags), await importAccount(session, file, flags.accountId));
  });
}
