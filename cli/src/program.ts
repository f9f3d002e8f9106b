/**
 * The tree of commands: the operations of the table, and beside them the commands written by hand.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Command as Parser } from 'commander';
import { addAccountCommands } from './commands/account.ts';
import { addAuditExport } from './commands/audit-export.ts';
import { addAuditVerify } from './commands/audit-verify.ts';
import { addCompletion } from './commands/completion.ts';
import { addContractsGenerate } from './commands/contracts-generate.ts';
import { addFunctionsCommands } from './commands/functions.ts';
import { addFunctionsLocal } from './commands/functions-local.ts';
import { addGasbankInclusion } from './commands/gasbank-inclusion.ts';
import { addGasbankProve } from './commands/gasbank-prove.ts';
import { addLogin } from './commands/login.ts';
import { addNeoKeys } from './commands/neo-keys.ts';
import { addProfiles } from './commands/profiles.ts';
import { addReceiptsVerify } from './commands/receipts-verify.ts';
import { addRequestKeys } from './commands/request-keys.ts';
import { addGlobalOptions, type Context } from './context.ts';
import { EXIT_MEANINGS } from './failure.ts';
import { addOperation } from './operations.ts';

const HELP_COLUMNS = 100;

/** What the services are for, where the name alone does not say it. */
const SUMMARIES: Readonly<Record<string, string>> = {
  account: 'take an account with you: export and import',
  receipts: 'verify receipts of executions',
};

export function buildProgram(context: Context): Parser {
  const { io } = context;
  const program = new Parser('slctl')
    .description('The command line of the Neo Service Layer.')
    .version(readVersion())
    .enablePositionalOptions()
    .showSuggestionAfterError()
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
      // The caller prints every failure in one form.
      outputError: () => undefined,
      getOutHelpWidth: () => io.stdout.columns ?? HELP_COLUMNS,
      getErrHelpWidth: () => io.stderr.columns ?? HELP_COLUMNS,
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .addHelpText('after', footer());
  addGlobalOptions(program);
  addLogin(program, context);
  addProfiles(program, context);
  addNeoKeys(program, context);
  addRequestKeys(program, context);
  addCompletion(program, context);
  const service = serviceFinder(program);
  for (const entry of context.table) addOperation(service(entry.service), context, entry);
  addFunctionsCommands(service('functions'), context);
  addFunctionsLocal(service('functions'), context);
  addContractsGenerate(service('contracts'), context);
  addGasbankProve(service('gasbank'), context);
  addGasbankInclusion(service('gasbank'), context);
  addAuditExport(service('audit'), context);
  addAuditVerify(service('audit'), context);
  addReceiptsVerify(service('receipts'), context);
  addAccountCommands(service('account'), context);
  return program;
}

function serviceFinder(program: Parser): (name: string) => Parser {
  return (name) => {
    const known = program.commands.find((command) => command.name() === name);
    if (known !== undefined) return known;
    const summary = SUMMARIES[name] ?? `operations on ${name.replaceAll('-', ' ')}`;
    return program.command(name).description(summary).summary(summary);
  };
}

const footer = (): string =>
  [
    '',
    'Values: @file reads a file, - standard input, @@ begins a text with @.',
    'Environment: SERVICE_LAYER_ADDR, SERVICE_LAYER_TOKEN, SERVICE_LAYER_ACCOUNT, ' +
      'SERVICE_LAYER_SIGNING_KEY.',
    'Exit codes:',
    ...EXIT_MEANINGS.map(([code, meaning]) => `  ${String(code).padStart(3)}  ${meaning}`),
  ].join('\n');

function readVersion(): string {
  const path = fileURLToPath(new URL('../../package.json', import.meta.url).href);
  const manifest: unknown = JSON.parse(readFileSync(path, 'utf8'));
  const isManifest = typeof manifest === 'object' && manifest !== null && 'version' in manifest;
  return isManifest ? String(manifest.version) : 'unknown';
}
