/**
 * The vault of a network, taken on the word of the chain and not of whoever names it: a contract
 * whose operator is a key of ours, and whose owner is another. What lies in it is owed from its
 * first deposit on, so no other contract can take its place.
 */
import { readAgreed } from '../../chain/agreed-reading.ts';
import { gasVault } from '../../chain/contracts/gas-vault.ts';
import { AMOUNT_MAX, toStored } from '../../core/money.ts';
import { parseAddress } from '../../core/neo/address.ts';
import { parseScriptHash, type ScriptHash } from '../../core/neo/script-hash.ts';
import { err, type FieldProblem, ok, type Result } from '../../core/result.ts';
import { guard } from '../../db/guards.ts';
import { commit } from '../../http/commit.ts';
import { checkIfMatch, toEtag } from '../../http/etag.ts';
import type { RequestContext } from '../../http/request-context.ts';
import { findNetwork, type Network } from '../chain/index.ts';
import {
  insertVault,
  listPlatformWallets,
  loadVault,
  platformWalletUnchanged,
  updateVault,
  type VaultRow,
  vaultUnchanged,
} from './store.ts';
import { toVault } from './views.ts';
import { watchLater } from './watching.ts';

export interface VaultRequest {
  readonly contract: string;
  readonly funding: readonly string[];
}

const CHANGED = { code: 'request.precondition_failed' } as const;

export async function setVault(context: RequestContext, networkId: string, request: VaultRequest) {
  const named = parseRequest(request);
  if (!named.ok) return named;
  const network = findNetwork(context.settings, networkId);
  if (!network.ok) return network;
  const { magic } = network.value.settings;
  const known = await loadVault(context.db, magic);
  // What is not there matches no tag, not even `*`.
  if (known === undefined && context.ifMatch !== undefined)
    return err('request.precondition_failed');
  const matched = checkIfMatch(context.ifMatch, known?.revision ?? 0);
  if (!matched.ok) return matched;
  if (known !== undefined && known.contract !== named.value.contract)
    return err('vaults.contract_fixed');
  const read = await readVault(context, network.value, named.value.contract);
  if (!read.ok) return read;
  return save(context, network.value, known, { ...named.value, ...read.value });
}

interface Named {
  readonly contract: ScriptHash;
  readonly funding: readonly ScriptHash[];
}

function parseRequest(request: VaultRequest): Result<Named, 'request.malformed'> {
  const fields: FieldProblem[] = [];
  const parse = (text: string, pointer: string): ScriptHash[] => {
    const account = text.startsWith('0x') ? parseScriptHash(text) : parseAddress(text);
    if (account === null)
      fields.push({ pointer, detail: 'is neither an address with a valid checksum nor a hash' });
    return account === null ? [] : [account];
  };
  const [contract] = parse(request.contract, '/contract');
  const funding = request.funding.flatMap((text, index) => parse(text, `/funding/${index}`));
  if (contract !== undefined && funding.includes(contract))
    fields.push({ pointer: '/funding', detail: 'names the vault itself' });
  return contract === undefined || fields.length > 0
    ? err('request.malformed', { fields })
    : ok({ contract, funding: [...new Set(funding)] });
}

interface VaultFacts {
  readonly operator: Awaited<ReturnType<typeof listPlatformWallets>>[number];
  readonly minimumDeposit: number;
}

async function readVault(
  { db }: RequestContext,
  { client, settings: { magic, quorum } }: Network,
  contract: ScriptHash,
): Promise<Result<VaultFacts, 'chain.unavailable' | 'vaults.contract_unfit'>> {
  const vault = gasVault(contract);
  const read = await readAgreed<readonly [ScriptHash, ScriptHash, bigint]>({ client, quorum }, [
    vault.owner(),
    vault.operator(),
    vault.minimumDeposit(),
  ]);
  if (read.kind === 'unclear') return err('chain.unavailable');
  if (read.kind === 'other answer') return unfit('answers as no vault does');
  const [owner, operatorAccount, minimumDeposit] = read.value;
  if (owner === operatorAccount) return unfit('has its owner as operator');
  const wallets = await listPlatformWallets(db, magic);
  const operator = wallets.find(
    ({ purpose, scriptHash }) => purpose === 'operator' && scriptHash === operatorAccount,
  );
  if (operator === undefined)
    return unfit('has an operator that is no active operator wallet of this network');
  if (wallets.some(({ scriptHash }) => scriptHash === owner))
    return unfit('is owned by a wallet of the platform');
  if (minimumDeposit < 0n || minimumDeposit > AMOUNT_MAX)
    return unfit('has a minimum deposit beyond all GAS');
  return ok({ operator, minimumDeposit: toStored(minimumDeposit) });
}

const unfit = (detail: string) =>
  err('vaults.contract_unfit', { fields: [{ pointer: '/contract', detail }] });

async function save(
  context: RequestContext,
  { settings: { id, magic } }: Network,
  known: VaultRow | undefined,
  { contract, funding, operator, minimumDeposit }: Named & VaultFacts,
) {
  const { db, now } = context;
  const changes = {
    operatorWalletId: operator.walletId,
    minimumDeposit,
    funding,
    revision: (known?.revision ?? 0) + 1,
    updatedAt: now,
  };
  const row: VaultRow = {
    networkMagic: magic,
    network: id,
    contract,
    watchedHeight: null,
    openingHeight: null,
    opening: null,
    bookedHeight: null,
    createdAt: now,
    ...known,
    ...changes,
  };
  const committed = await commit(context, {
    statements: [
      guard('revision', vaultUnchanged(magic, known?.revision ?? null)),
      guard('state', platformWalletUnchanged(operator)),
      known === undefined ? insertVault(db, row) : updateVault(db, magic, changes),
    ],
    accountId: undefined,
    target: { kind: 'vault', id: String(magic) },
    details: { network: id, contract, operatorWalletId: operator.walletId },
    guards: { revision: CHANGED, state: CHANGED },
    answer: { status: 200, body: toVault(row), etag: toEtag(row.revision) },
  });
  if (committed.ok) watchLater(context, magic);
  return committed;
}
