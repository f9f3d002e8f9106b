/** `slctl functions run | replay`: the metered runtime of the platform on this machine. */
import type { Command as Parser } from 'commander';
import {
  addGlobalOptions,
  type Context,
  type GlobalFlags,
  openSession,
  styleOf,
} from '../context.ts';
import { usage } from '../failure.ts';
import { readSigningKeys } from '../signing-keys.ts';

interface RunFlags extends GlobalFlags {
  readonly params?: string;
  readonly secret: readonly string[];
  readonly permissions?: string;
  readonly fixtures?: string;
  readonly chainFixtures?: string;
  readonly fuel?: string;
  readonly seed?: string;
  readonly clock?: string;
}

export function addFunctionsLocal(service: Parser, context: Context): void {
  addRun(service, context);
  addReplay(service, context);
}

function addRun(service: Parser, context: Context): void {
  const parser = service
    .command('run')
    .summary('run a file on this machine')
    .description(
      'Runs a file offline on the same metered runtime as the platform: same output, logs, planned actions and fuel. ' +
        'HTTP answers come from --fixtures, what a chain holds from --chain-fixtures; no action is ' +
        'carried out. Ends with 1 when the function fails.',
    )
    .argument('<file>')
    .requiredOption(
      '--local',
      'on this machine; `slctl executions execute-function` runs it on the platform',
    )
    .option('--params <json>', 'the params, JSON or @file')
    .option(
      '--secret <name=value>',
      'a secret; may be repeated; the value may be @file',
      append,
      [],
    )
    .option('--permissions <json>', 'modules and httpHosts it may use, JSON or @file')
    .option('--fixtures <json>', 'answers of HTTP calls: [{method, url, status, headers, body}]')
    .option('--chain-fixtures <json>', 'answers of chain reads: [{read, request, value | error}]')
    .option('--fuel <units>', 'the bound of computing')
    .option('--seed <hex>', '32 bytes: the same seed and clock give the same run')
    .option('--clock <time>', 'the time the function sees; now when absent');
  addGlobalOptions(parser);
  parser.action(async (file: string) => {
    const flags = parser.optsWithGlobals<RunFlags>();
    const { secret: secrets, params, permissions, fixtures, chainFixtures } = flags;
    const { fuel, seed, clock } = flags;
    // The runtime is large; commands that do not need it do not load it.
    const { runFunction } = await import('../functions/run.ts');
    const answers = { fixtures, chainFixtures };
    const run = { file, params, secrets, permissions, ...answers, fuel, seed, clock };
    await runFunction(context.io, styleOf(flags), run);
  });
}

const append = (text: string, earlier: readonly string[]): readonly string[] => [...earlier, text];

interface ReplayFlags extends GlobalFlags {
  readonly local?: boolean;
  readonly file?: string;
  readonly accountId?: string;
  readonly secret: readonly string[];
  readonly keys?: string;
}

function addReplay(service: Parser, context: Context): void {
  const parser = service
    .command('replay')
    .summary('run a past execution again and compare')
    .description(
      'Runs an execution again from its journal, without any I/O or action, and says whether output and fuel are ' +
        'equal: on the platform, or with --local on this machine. Ends with 9 when they are not.',
    )
    .argument('[execution-id]')
    .option('--local', 'on this machine, from the exported journal')
    .option('--file <file>', 'the exported journal as a file; implies --local')
    .option('--secret <name=value>', 'a secret it had; journals hold none', append, [])
    .option('--keys <file>', 'public keys, to check the signature of the receipt too')
    .option('--account-id <id>', 'the account');
  addGlobalOptions(parser);
  parser.action(async (executionId: string | undefined) => {
    const flags = parser.optsWithGlobals<ReplayFlags>();
    const { file, accountId, secret: secrets } = flags;
    if ((executionId === undefined) === (file === undefined))
      throw usage('give an execution id, or --file with an exported journal');
    const local = flags.local === true || file !== undefined;
    const keys = flags.keys === undefined ? undefined : await readSigningKeys(context, flags);
    const { replayExecution } = await import('../functions/replay.ts');
    const open = () => openSession(context, flags);
    const request = { executionId, file, accountId, local, secrets, keys, style: styleOf(flags) };
    await replayExecution(context.io, open, request);
  });
}
