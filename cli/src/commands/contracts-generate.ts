/** `slctl contracts generate`: a typed TypeScript client of a contract, from its manifest. */
import { readFile, writeFile } from 'node:fs/promises';
import type { Command as Parser } from 'commander';
import { type Manifest, parseManifest } from '../../../worker/core/neo/contract/manifest.ts';
import {
  addGlobalOptions,
  type Context,
  type GlobalFlags,
  openSession,
  requireAccount,
} from '../context.ts';
import { MARK, writeClient } from '../contracts/client-source.ts';
import { usage } from '../failure.ts';
import { readJsonFile } from '../local-file.ts';
import { isRow } from '../output/cell.ts';
import { isMissing } from '../profile.ts';

interface GenerateFlags extends GlobalFlags {
  readonly manifest?: string;
  readonly contract?: string;
  readonly accountId?: string;
  readonly out?: string;
  readonly sdk: string;
}

export function addContractsGenerate(service: Parser, context: Context): void {
  const parser = service
    .command('generate')
    .summary('write a typed client from a manifest')
    .description(
      'Writes a typed TypeScript client of a contract: one function for each method, one type for ' +
        'each event. From a manifest file, or from the manifest that a registered contract has now.',
    )
    .option('--manifest <file>', 'the manifest as its compiler wrote it, - for standard input')
    .option('--contract <id>', 'or a registered contract')
    .option('--account-id <id>', 'the account that registered it')
    .option('--out <file>', 'write there; a file that was not generated is left alone')
    .option('--sdk <module>', 'what the client imports', '@neo-service-layer/sdk');
  addGlobalOptions(parser);
  parser.action(async () => {
    const flags = parser.optsWithGlobals<GenerateFlags>();
    const source = writeClient(await readManifest(context, flags), flags.sdk);
    if (flags.out === undefined) context.io.stdout.write(source);
    else await writeSource(flags.out, source);
  });
}

async function readManifest(context: Context, flags: GenerateFlags): Promise<Manifest> {
  const { manifest: file, contract } = flags;
  if (file !== undefined && contract === undefined)
    return parse(await readJsonFile(context.io, file));
  if (file !== undefined || contract === undefined)
    throw usage('give either --manifest or --contract');
  const session = await openSession(context, flags);
  const accountId = requireAccount(session, flags.accountId);
  const { body } = await session.call('contracts.getManifest', { accountId, contractId: contract });
  return parse(isRow(body) ? body.manifest : undefined);
}

function parse(json: unknown): Manifest {
  const parsed = parseManifest(json);
  if (parsed.ok) return parsed.value;
  const { pointer, reason } = parsed.misshapen;
  throw usage(`this is no manifest: ${pointer === '' ? '' : `${pointer}: `}${reason}`);
}

/** A slip of the keyboard must not cost a file that somebody wrote. */
async function writeSource(path: string, source: string): Promise<void> {
  const found = await readExisting(path);
  if (found !== undefined && !found.slice(0, 200).includes(MARK))
    throw usage(`${path} was not generated: give another name, or remove it`);
  await writeFile(path, source);
}

async function readExisting(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}
