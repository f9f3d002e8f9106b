/**
 * The platform's book alone meets the chain: every datoshi that touches a watched address is one
 * entry under its chain key, in the order of blocks, and its destination is decided with it (M2,
 * M10). A repetition is answered with the first decision, whatever it would decide today.
 */
import { err, ok, type Result } from '../result.ts';
import {
  available,
  CLEARING,
  chainOf,
  DEPOSITS,
  EQUITY,
  inTransit,
  isFundName,
  suspenseOf,
} from './book.ts';
import type { Change, LedgerRefusal, LedgerView } from './change.ts';
import type { ChainEntry, Destination, Watch } from './commands.ts';
import { invalid, post } from './postings.ts';

type Decided = Result<Change, LedgerRefusal>;

/** Whose ids are chain keys; with another service's name an event could be booked twice. */
const CHAIN_OWNER = 'chain';

/** What lies on an address when it is registered is the operator's (M10). */
export function decideWatch(_view: LedgerView, command: Watch): Decided {
  const { address, height, opening, owner, id } = command;
  if (owner !== CHAIN_OWNER) return invalid('owner', `is not ${CHAIN_OWNER}`);
  if (id !== `watch:${address}`) return invalid('id', 'is not watch:<address>');
  return ok({
    postings: post(chainOf(address), available(EQUITY), opening),
    gas: opening,
    credits: 0n,
    fund: EQUITY,
    watch: { address, height },
  });
}

export function decideChainEntry(view: LedgerView, command: ChainEntry): Decided {
  const { address, amount, height, owner, id, direction, counterparty } = command;
  if (owner !== CHAIN_OWNER) return invalid('owner', `is not ${CHAIN_OWNER}`);
  const isOwn =
    id.startsWith(`${String(view.book.magic)}:`) && isFundName(view.book, suspenseOf(id));
  if (!isOwn) return invalid('id', 'is no chain key of this network');
  const wrong = faultOfSides(command);
  if (wrong !== null) return wrong;
  for (const side of direction === 'internal' ? [address, counterparty ?? ''] : [address]) {
    const since = view.watchedSince(side);
    if (since === undefined) return err('gasbank.address_unwatched', { detail: side });
    // It is in the opening balance.
    if (height <= since) return err('gasbank.before_watch', { limit: since, observed: height });
  }
  const { destination } = command;
  return ok({
    gas: amount,
    credits: 0n,
    fund: null,
    height,
    ...(destination === null ? {} : { destination: formatDestination(destination) }),
    ...entryOf(command),
  });
}

function faultOfSides({ direction, destination, counterparty, address }: ChainEntry) {
  if (direction === 'internal') {
    if (destination !== null) return invalid('destination', 'is of no internal move');
    const isOther = counterparty !== null && counterparty !== address;
    return isOther ? null : invalid('counterparty', 'is not another address');
  }
  const places = direction === 'in' ? INWARD : OUTWARD;
  const isPlace = destination !== null && places.has(destination.kind);
  return isPlace ? null : invalid('destination', 'is not one of this direction');
}

const INWARD: ReadonlySet<Destination['kind']> = new Set(['book', 'suspense', 'equity']);
const OUTWARD: ReadonlySet<Destination['kind']> = new Set(['clearing', 'equity']);

function entryOf(command: ChainEntry): Pick<Change, 'postings' | 'move'> {
  const { id, address, amount, direction, counterparty, destination } = command;
  const chain = chainOf(address);
  if (direction === 'internal')
    return { postings: post(chainOf(counterparty ?? ''), chain, amount) };
  if (direction === 'out') {
    const fund = destination?.kind === 'clearing' ? CLEARING : EQUITY;
    return { postings: post(available(fund), chain, amount) };
  }
  if (destination?.kind !== 'book') {
    const fund = destination?.kind === 'equity' ? EQUITY : suspenseOf(id);
    return { postings: post(chain, available(fund), amount) };
  }
  const { owner: toOwner, fund: toFund } = destination;
  return {
    postings: post(chain, inTransit(DEPOSITS), amount),
    move: { id, toOwner, toFund, fund: DEPOSITS, amount },
  };
}

const formatDestination = (destination: Destination): string =>
  destination.kind === 'book' ? `${destination.owner}/${destination.fund}` : destination.kind;
