/**
 * `slctl gasbank prove`: the platform's statement of a checkpoint against the chain, by nodes of the
 * caller's choice. It proves, or it fails with words: a node that cannot tell what an address had at
 * that height makes it fail as much as one that tells another amount. A root that is said to be
 * anchored must be what a halted transaction of that hash says.
 */
import type { Command as Parser } from 'commander';
import type { Hash256 } from '../../../worker/core/neo/hash256.ts';
import { parseScriptHash } from '../../../worker/core/neo/script-hash.ts';
import { decodeAnchorScript } from '../../../worker/core/proofs/anchor.ts';
import {
  anchorOf,
  findDifferences,
  type Statement,
} from '../../../worker/core/proofs/statement.ts';
import { addGlobalOptions, type Context, styleOf } from '../context.ts';
import { usage } from '../failure.ts';
import { readFromNode, readHalted } from '../gasbank/node.ts';
import { readStatement, type StatementFlags, unproven } from '../gasbank/statement-file.ts';
import { printAnswer } from '../output/print.ts';

interface ProveFlags extends StatementFlags {
  readonly node?: readonly string[];
}

export function addGasbankProve(service: Parser, context: Context): void {
  const parser = service
    .command('prove')
    .summary('hold what is owed against the chain')
    .description(
      'Recomputes the trial balance of a checkpoint from its public statement, and asks nodes of your ' +
        'choice what each address had at the end of that block. If its root is said to be anchored, the ' +
        'nodes must have it in a halted transaction. Ends with 9 when anything differs, and with 8 when ' +
        'a node cannot tell: nothing is guessed.',
    )
    .requiredOption('--network <id>', 'the network, such as neo3:mainnet')
    .requiredOption('--height <height>', 'the checkpoint, as `slctl proofs list-proofs` shows it')
    .option('--node <url...>', 'a node that keeps old states; each one given must agree')
    .option('--proof <file>', 'the statement as the API gives it; - reads standard input')
    .option('--keys <file>', 'public keys, as `slctl system list-signing-keys --json` prints them');
  addGlobalOptions(parser);
  parser.action(() => prove(context, parser.optsWithGlobals<ProveFlags>()));
}

async function prove(context: Context, flags: ProveFlags): Promise<void> {
  const { io } = context;
  const nodes = flags.node ?? [];
  if (nodes.length === 0) throw usage('by which node? Give --node');
  const { statement, keyId, anchor } = await readStatement(context, flags);
  const { networkMagic: magic, height } = statement;
  const addresses = addressesOf(statement);
  for (const url of nodes) {
    const onChain = await readFromNode(io, url, { magic, height, addresses });
    const [first, ...more] = findDifferences(statement, onChain);
    if (first === undefined) {
      if (anchor?.transaction) await checkAnchor(context, url, statement, anchor.transaction);
      continue;
    }
    const { address, stated, onChain: found } = first;
    const others = more.length === 0 ? '' : `, and ${String(more.length)} more addresses differ`;
    throw unproven('assets_differ', `${address} had ${found} GAS and not ${stated}${others}`);
  }
  const { network, cutAt, assets, tree } = statement;
  const facts = { network, height, cutAt, addresses: assets.length, ownedByCustomers: tree.sum };
  const anchored = {
    anchor: anchor?.status ?? null,
    anchorTransaction: anchor?.transaction ?? null,
  };
  printAnswer(io, styleOf(flags), {
    proven: true,
    ...facts,
    ...anchored,
    nodes: nodes.length,
    keyId,
  });
}

async function checkAnchor(
  { io }: Context,
  url: string,
  statement: Statement,
  hash: Hash256,
): Promise<void> {
  const { networkMagic: magic, height } = statement;
  const written = decodeAnchorScript(await readHalted(io, url, { magic, height, hash }));
  const stated = anchorOf(statement);
  const isSame =
    written !== null &&
    stated !== null &&
    written.magic === stated.magic &&
    written.height === stated.height &&
    written.root === stated.root &&
    written.sum === stated.sum;
  if (!isSame) throw unproven('anchor_differs', `the transaction ${hash} is no anchor of this`);
}

function addressesOf({ assets }: Statement) {
  return assets.map(({ address }) => {
    const hash = parseScriptHash(address);
    if (hash === null) throw unproven('malformed', `${address} is no address`);
    return hash;
  });
}
