/**
 * `slctl gasbank inclusion`: that one's own balance is in the total that the platform has signed.
 * Whether the proof shows all that is owed, its owner alone can tell: `--expect` compares it with
 * the owner's own books.
 */
import type { Command as Parser } from 'commander';
import { formatGas } from '../../../worker/core/money.ts';
import {
  type Excluded,
  findExcluded,
  type Inclusion,
  inclusionSchema,
} from '../../../worker/core/proofs/inclusion.ts';
import { parseSum } from '../../../worker/core/proofs/statement.ts';
import {
  addGlobalOptions,
  type Context,
  openSession,
  requireAccount,
  styleOf,
} from '../context.ts';
import { usage } from '../failure.ts';
import { readStatement, type StatementFlags, unproven } from '../gasbank/statement-file.ts';
import { readJsonFile } from '../local-file.ts';
import { printAnswer } from '../output/print.ts';

interface InclusionFlags extends StatementFlags {
  readonly accountId?: string;
  readonly inclusion?: string;
  readonly expect?: string;
}

const WORDS: Readonly<Record<Excluded, string>> = {
  malformed: 'an amount of the proof is not written as amounts are',
  another_network: 'the proof is of another network',
  another_height: 'the proof is of another height',
  leaf_repeated: 'the proof counts a leaf twice',
  leaf_not_in_tree: 'a leaf of the proof is not in the tree of the statement',
  sum_differs: 'the leaves do not add up to the balance',
};

export function addGasbankInclusion(service: Parser, context: Context): void {
  const parser = service
    .command('inclusion')
    .summary('verify that your balance is in the total')
    .description(
      'Verifies the leaves of an account against the signed root of a checkpoint. What they add up to ' +
        'is yours to compare with your own records, or with --expect.',
    )
    .requiredOption('--network <id>', 'the network, such as neo3:mainnet')
    .requiredOption('--height <height>', 'the checkpoint, as `slctl proofs list-proofs` shows it')
    .option('--account-id <id>', 'the account')
    .option('--expect <amount>', 'GAS that must be in it, available, reserved and in transit')
    .option('--inclusion <file>', 'the proof as the API gives it, and nothing is asked of the API')
    .option('--proof <file>', 'the statement as the API gives it')
    .option('--keys <file>', 'public keys, as `slctl system list-signing-keys --json` prints them');
  addGlobalOptions(parser);
  parser.action(() => verify(context, parser.optsWithGlobals<InclusionFlags>()));
}

async function verify(context: Context, flags: InclusionFlags): Promise<void> {
  const expected = flags.expect === undefined ? undefined : parseSum(flags.expect);
  if (expected === null) throw usage('--expect is an amount of GAS, such as 1.5');
  const { statement, keyId } = await readStatement(context, flags);
  const { proof, accountId } = await readProof(context, flags);
  if (accountId !== undefined && proof.accountId !== accountId)
    throw unproven('another_account', `this is of ${proof.accountId}`);
  const excluded = findExcluded(proof, statement);
  if (excluded !== null) throw unproven(excluded, WORDS[excluded]);
  const { available, reserved, inTransit, leaves } = proof;
  const total = [available, reserved, inTransit].reduce(
    (sum, part) => sum + (parseSum(part) ?? 0n),
    0n,
  );
  if (expected !== undefined && total !== expected)
    throw unproven('balance_differs', `${formatGas(total)} GAS are in the total`);
  const { network, height, cutAt } = statement;
  const facts = { accountId: proof.accountId, network, height, cutAt };
  const shown = { available, reserved, inTransit, total: formatGas(total), leaves: leaves.length };
  printAnswer(context.io, styleOf(flags), { included: true, ...facts, ...shown, keyId });
}

interface Given {
  readonly proof: Inclusion;
  /** Whose it must be. */
  readonly accountId: string | undefined;
}

async function readProof(context: Context, flags: InclusionFlags): Promise<Given> {
  if (flags.inclusion !== undefined) {
    const proof = parseProof(await readJsonFile(context.io, flags.inclusion));
    return { proof, accountId: flags.accountId };
  }
  const session = await openSession(context, flags);
  const accountId = requireAccount(session, flags.accountId);
  const { network, height } = flags;
  const { body } = await session.call('proofs.getInclusion', { accountId, network, height });
  return { proof: parseProof(body), accountId };
}

function parseProof(document: unknown): Inclusion {
  const parsed = inclusionSchema.safeParse(document);
  if (parsed.success) return parsed.data;
  throw unproven('malformed', 'this is no proof of inclusion');
}
