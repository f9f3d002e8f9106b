/**
 * `slctl functions init | deploy | logs`: from an empty folder to a running function and its log.
 */
import type { Command as Parser } from 'commander';
import {
  addGlobalOptions,
  type Context,
  type GlobalFlags,
  openSession,
  styleOf,
} from '../context.ts';
import { usage } from '../failure.ts';
import { deployFunction, parseName } from '../functions/deploy.ts';
import { tailLogs } from '../functions/logs.ts';
import { initProject } from '../functions/project.ts';
import { parseJsonText, readFlagText } from '../local-file.ts';
import { printAnswer } from '../output/print.ts';
import { safeLine } from '../output/safe-text.ts';

export function addFunctionsCommands(service: Parser, context: Context): void {
  addInit(service, context);
  addDeploy(service, context);
  addLogs(service, context);
}

function addInit(service: Parser, { io }: Context): void {
  service
    .command('init')
    .description('make a project of example functions in an empty folder')
    .argument('<folder>')
    .action(async (folder: string) => {
      const names = await initProject(folder);
      io.stdout.write(`${names.map(safeLine).join('\n')}\n`);
    });
}

interface DeployFlags extends GlobalFlags {
  readonly name?: string;
  readonly accountId?: string;
  readonly description?: string;
  readonly secrets?: string;
  readonly permissions?: string;
  readonly inputSchema?: string;
  readonly limits?: string;
  readonly activate: boolean;
}

function addDeploy(service: Parser, context: Context): void {
  const parser = service
    .command('deploy')
    .summary('make a file the running version of a function')
    .description(
      'Bundles a TypeScript or JavaScript file on this machine, makes the function or a version of it, and deploys ' +
        'that version. A JavaScript file without imports of other files is sent as it is.',
    )
    .argument('<file>')
    .option('--name <name>', 'name of the function (required)')
    .option('--account-id <id>', 'the account')
    .option('--description <text>', 'what it does')
    .option('--secrets <names>', 'secrets it uses, comma separated')
    .option('--permissions <json>', 'Devpack modules and HTTP hosts it may use, JSON or @file')
    .option('--input-schema <json>', 'JSON Schema of its params, JSON or @file')
    .option('--limits <json>', 'bounds of its own, JSON or @file')
    .option('--no-activate', 'make a version of a function that exists, but do not deploy it');
  addGlobalOptions(parser);
  parser.action(async (file: string) => {
    const flags = parser.optsWithGlobals<DeployFlags>();
    const name = parseName(flags.name);
    const fields = await readDeployFields(context, flags);
    const session = await openSession(context, flags);
    const { accountId, activate } = flags;
    const answer = await deployFunction(session, { file, name, accountId, fields, activate });
    printAnswer(context.io, styleOf(flags), answer);
  });
}

async function readDeployFields({ io }: Context, flags: DeployFlags) {
  const json = async (name: string, text: string | undefined) =>
    text === undefined ? undefined : parseJsonText(await readFlagText(io, text), `--${name}`);
  return {
    description: flags.description,
    secrets: splitNames(flags.secrets),
    permissions: await json('permissions', flags.permissions),
    inputSchema: await json('input-schema', flags.inputSchema),
    limits: await json('limits', flags.limits),
    runtime: 'javascript',
  };
}

const splitNames = (text: string | undefined): readonly string[] | undefined =>
  text
    ?.split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');

interface LogsFlags extends GlobalFlags {
  readonly accountId?: string;
  readonly functionId?: string;
  readonly name?: string;
  readonly follow?: boolean;
  readonly interval: string;
}

function addLogs(service: Parser, context: Context): void {
  const parser = service
    .command('logs')
    .description('log lines of the latest executions')
    .option('--account-id <id>', 'the account')
    .option('--function-id <id>', 'only executions of this function')
    .option('--name <name>', 'only executions of the function of this name')
    .option('--follow', 'go on with those that come, until Ctrl-C')
    .option('--interval <seconds>', 'how often to look with --follow', '2');
  addGlobalOptions(parser);
  parser.action(async () => {
    const flags = parser.optsWithGlobals<LogsFlags>();
    const { accountId, functionId, name, follow = false } = flags;
    const intervalSeconds = Number(flags.interval);
    if (!(intervalSeconds >= 1 && intervalSeconds <= 3600))
      throw usage('--interval takes seconds, from 1 to 3600');
    const session = await openSession(context, flags);
    const style = styleOf(flags);
    await tailLogs(session, { accountId, functionId, name, follow, intervalSeconds, style });
  });
}
