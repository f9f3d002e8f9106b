/** What a sponsorship takes until its transaction is broadcast; with its part of the page. */
import { join } from 'node:path';
import { ensureNeoGo } from '../../devnet/toolchain.ts';
import { UserError } from '../../serve/user-error.ts';
import { ms, perSecond, spread, table } from '../markdown.ts';
import { type Compared, compareSides, type Rounds } from '../rounds.ts';
import { serveProduct } from '../served-product.ts';
import { NETWORK, openGasBank, SPONSORS } from './gas-bank.ts';
import { openPlainClient } from './plain-client.ts';
import { openPrivateChain, type PrivateChain } from './private-chain.ts';
import { openSponsoredAccount } from './sponsored-account.ts';

export type SponsorshipCosts =
  | { readonly kind: 'measured'; readonly steps: readonly SponsorshipStep[] }
  /** On a machine that cannot run a private network. */
  | { readonly kind: 'left out'; readonly reason: string };

export interface SponsorshipStep {
  readonly callers: number;
  readonly compared: Compared;
}

export interface SponsorshipRounds extends Omit<Rounds, 'connections'> {
  readonly root: string;
  readonly folder: string;
}

const CALLERS = [1, 16, 64];

export async function measureSponsorships(asked: SponsorshipRounds): Promise<SponsorshipCosts> {
  const reason = await whyLeftOut();
  if (reason !== null) return { kind: 'left out', reason };
  const chain = await openPrivateChain(asked.folder);
  try {
    return { kind: 'measured', steps: await measureOn(chain, asked) };
  } finally {
    await chain.stop();
  }
}

async function whyLeftOut(): Promise<string | null> {
  try {
    await ensureNeoGo();
    return null;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    // What to install follows; it is for a terminal.
    const [first = ''] = error.message.split('. ');
    return first;
  }
}

async function measureOn(
  chain: PrivateChain,
  { root, folder, rounds, seconds }: SponsorshipRounds,
): Promise<readonly SponsorshipStep[]> {
  const { magic, checkpoint } = chain.description;
  const network = { id: NETWORK, magic, rpc: [chain.door.url], quorum: 1, checkpoint };
  const settings = { NEO_NETWORKS: JSON.stringify([network]) };
  const product = await serveProduct(root, join(folder, 'sponsorships'), settings);
  try {
    const users = Math.max(...CALLERS);
    const bank = await openGasBank(product, chain);
    const account = await openSponsoredAccount(product, { chain, bank, users });
    const client = await openPlainClient(chain, users);
    const steps: SponsorshipStep[] = [];
    for (const callers of CALLERS) {
      const sides = {
        subject: (forSeconds: number) => account.measure({ callers, seconds: forSeconds }),
        floor: (forSeconds: number) => client.measure({ callers, seconds: forSeconds }),
        // Senders and follower have work for as long as something is on its way.
        settle: account.untilEnded,
      };
      steps.push({ callers, compared: await compareSides(sides, { rounds, seconds }) });
    }
    return steps;
  } finally {
    await product.stop();
  }
}

export function sponsorshipSection(costs: SponsorshipCosts | undefined): string {
  if (costs === undefined) return '';
  const title = '## Sponsored transactions';
  if (costs.kind === 'left out') return `${title}\n\nLeft out: ${costs.reason}.`;
  return `${title}

From the request for a sponsorship, which a wallet of the account signs at once, until the node is
handed the transaction. The floor is a client that has both keys and asks nobody: it simulates, asks
for the fee, builds, signs twice and sends. Both move one NEO of a user without GAS, through the same
door to one neo-go node with blocks of a second; every caller has a user of its own, and the platform
${String(SPONSORS)} sponsor wallets. Before each measurement everything before it has ended. What the client goes
without: credential, limits and audit; the policy and its budgets, and the hold in the book of the
account; the choice of a sponsor that can pay; the policy of the wallet; keys that only the bridge
opens; and a sender that has stored the transaction before anybody sees it.

${table(
  [
    'callers',
    "times the client's median",
    "times the client's p99",
    'median',
    "client's",
    'p99',
    "client's",
    'a second',
    "client's",
  ],
  costs.steps.map(({ callers, compared: { p50, p99, subject, floor } }) => [
    String(callers),
    spread(p50),
    spread(p99),
    ms(subject.p50Ms),
    ms(floor.p50Ms),
    ms(subject.p99Ms),
    ms(floor.p99Ms),
    perSecond(subject.requestsPerSecond),
    perSecond(floor.requestsPerSecond),
  ]),
)}`;
}
