/** The order of effects for price lists: a change is a new version with its audit line. */
import { parseGas, toStored } from '../../core/money.ts';
import type { NetworkSettings } from '../../core/neo/network-settings.ts';
import { ok, type Result } from '../../core/result.ts';
import { commit } from '../../http/commit.ts';
import { checkIfMatch, toEtag } from '../../http/etag.ts';
import { creatorOf, type RequestContext } from '../../http/request-context.ts';
import { findNetwork } from '../chain/index.ts';
import {
  forgetPriceLists,
  loadPriceList,
  type PriceListRow,
  type StandingPrices,
} from './price-lists.ts';
import { priceLists } from './tables.ts';
import { toOperatorPriceList, toPriceList } from './views.ts';

interface PricesRequest {
  readonly network: string;
  readonly execution: string;
  readonly fuel: string;
  readonly storage: string;
  readonly creditsPerGas: string | null;
  readonly initialAllocation: { readonly credits: string; readonly total: string } | null;
}

type Stored = Pick<
  PriceListRow,
  'execution' | 'fuel' | 'storage' | 'creditsPerGas' | 'initialCredits' | 'initialTotal'
>;

export async function setPrices(context: RequestContext, request: PricesRequest) {
  const network = findNetwork(context.settings, request.network);
  if (!network.ok) return network;
  const stored = parsePrices(request);
  if (!stored.ok) return stored;
  const { db, now, principal, ifMatch } = context;
  const { id, magic } = network.value.settings;
  const before = await loadPriceList(db, magic);
  const version = before?.row.version ?? 0;
  const matched = checkIfMatch(ifMatch, version);
  if (!matched.ok) return matched;
  const row: PriceListRow = {
    networkMagic: magic,
    version: version + 1,
    network: id,
    ...stored.value,
    createdBy: creatorOf(principal),
    createdAt: now,
  };
  const committed = await commit(context, {
    statements: [db.insert(priceLists).values(row)],
    accountId: undefined,
    target: { kind: 'priceList', id: `${id} ${String(row.version)}` },
    details: { magic, ...stored.value },
    // Of two operators at once, the later one has not seen what it replaces.
    conflicts: {
      'price_lists.network_magic, price_lists.version': { code: 'request.precondition_failed' },
    },
    answer: answerOf(network.value.settings, { row, allocated: before?.allocated ?? 0 }),
  });
  forgetPriceLists();
  return committed;
}

function parsePrices(request: PricesRequest): Result<Stored, 'request.malformed'> {
  const { creditsPerGas, initialAllocation } = request;
  const fields = {
    execution: [request.execution, '/execution'],
    fuel: [request.fuel, '/fuel'],
    storage: [request.storage, '/storage'],
    creditsPerGas: [creditsPerGas, '/creditsPerGas'],
    initialCredits: [initialAllocation?.credits ?? null, '/initialAllocation/credits'],
    initialTotal: [initialAllocation?.total ?? null, '/initialAllocation/total'],
  } as const;
  const parsed: Record<string, number | null> = {};
  for (const [name, [text, pointer]] of Object.entries(fields)) {
    const amount = text === null ? ok(null) : parseOrZero(text, pointer);
    if (!amount.ok) return amount;
    parsed[name] = amount.value === null ? null : toStored(amount.value);
  }
  // One entry a field above, with null only where its text may be null.
  return ok(parsed as unknown as Stored);
}

/** The schema has refused every other text of nothing. */
const parseOrZero = (text: string, pointer: string): Result<bigint, 'request.malformed'> =>
  /^0(?:\.0+)?$/.test(text) ? ok(0n) : parseGas(text, pointer);

const answerOf = (network: NetworkSettings, standing: StandingPrices | undefined) =>
  ({
    status: 200,
    body: toOperatorPriceList(network, standing),
    etag: toEtag(standing?.row.version ?? 0),
  }) as const;

interface Asked {
  readonly network: string;
}

export async function getOperatorPrices({ db, settings }: RequestContext, { network: id }: Asked) {
  const network = findNetwork(settings, id);
  if (!network.ok) return network;
  const { settings: facts } = network.value;
  return ok(answerOf(facts, await loadPriceList(db, facts.magic)));
}

export async function getPrices({ db, settings }: RequestContext, { network: id }: Asked) {
  const network = findNetwork(settings, id);
  if (!network.ok) return network;
  const { settings: facts } = network.value;
  const standing = await loadPriceList(db, facts.magic);
  return ok({ status: 200, body: toPriceList(facts, standing?.row) } as const);
}
