/**
 * The platform's side of sponsorships on the private chain: an operator wallet, sponsor wallets with
 * GAS, and a vault that is registered and booked.
 */
import type { ScriptHash } from '../../../worker/core/neo/script-hash.ts';
import { parseScriptHash } from '../../../worker/core/neo/script-hash.ts';
import { accountNamed, councilAccount, genesisAccount } from '../../devnet/accounts.ts';
import { deployContract, readArtifacts } from '../../devnet/contracts.ts';
import { payFromGenesis } from '../../devnet/funds.ts';
import { vaultTerms } from '../../devnet/vault-terms.ts';
import { type JsonApi, openApi } from '../json-api.ts';
import type { ServedProduct } from '../served-product.ts';
import { until } from '../until.ts';
import type { PrivateChain } from './private-chain.ts';

export interface GasBank {
  readonly vault: ScriptHash;
  /** Once all of the chain up to that block is in the book of the platform. */
  readonly untilBooked: (height: number) => Promise<void>;
}

export const NETWORK = 'neo3:bench';
/** They share the load, as on a network where one wallet has not enough for a day. */
export const SPONSORS = 4;
const VAULT = `/operator/gasbank/vaults/${NETWORK}`;
const DATOSHI = 100_000_000n;
const FUNDS = { gas: 10_000n, neo: 0n };

export async function openGasBank(product: ServedProduct, chain: PrivateChain): Promise<GasBank> {
  const api = openApi(product);
  const operator = await openWallet(api, 'operator');
  const sponsors: ScriptHash[] = [];
  for (let n = 0; n < SPONSORS; n += 1) sponsors.push(await openWallet(api, 'sponsor'));
  const deployer = accountNamed('bench-deployer');
  const poor = [operator, ...sponsors, deployer.scriptHash].map((scriptHash) => ({ scriptHash }));
  await payFromGenesis(chain.rpc, poor, FUNDS);
  const vault = await deployContract(chain.rpc, {
    contract: readArtifacts('gas-vault'),
    deployer,
    terms: vaultTerms({
      owner: councilAccount().scriptHash,
      operator,
      minimumDeposit: DATOSHI,
      releaseCap: DATOSHI,
      refillCap: DATOSHI,
      sponsors,
    }),
  });
  await api('PUT', VAULT, { contract: vault, funding: [genesisAccount().address] });
  const bookedHeight = async () => (await api('GET', VAULT)).bookedHeight;
  const untilBooked = (height: number) =>
    until(`booked to ${height}`, async () => Number((await bookedHeight()) ?? -1) >= height);
  await untilBooked(0);
  return { vault, untilBooked };
}

async function openWallet(api: JsonApi, purpose: 'operator' | 'sponsor'): Promise<ScriptHash> {
  const made = await api('POST', '/operator/gasbank/wallets', { network: NETWORK, purpose });
  return hashIn(made.scriptHash);
}

/** Of an answer. */
export function hashIn(value: unknown): ScriptHash {
  const hash = parseScriptHash(String(value));
  if (hash === null) throw new Error(`${String(value)} is no script hash`);
  return hash;
}
