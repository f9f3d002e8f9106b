/** Prices and credits as the wire shows them. Amounts and credits are printed alike: 10^-8 of one. */
import { toTimestamp } from '../../core/clock.ts';
import { formatGas, fromStored } from '../../core/money.ts';
import type { NetworkSettings } from '../../core/neo/network-settings.ts';
import type { CreditOrderRow } from './orders.ts';
import type { PriceListRow, StandingPrices } from './price-lists.ts';

const shown = (stored: number): string => formatGas(fromStored(stored));
const shownOrNull = (stored: number | null | undefined): string | null =>
  stored === null || stored === undefined ? null : shown(stored);

const toPrices = ({ id, magic }: NetworkSettings, row: PriceListRow | undefined) => ({
  network: id,
  networkMagic: magic,
  version: row?.version ?? 0,
  execution: shown(row?.execution ?? 0),
  fuel: shown(row?.fuel ?? 0),
  storage: shown(row?.storage ?? 0),
  creditsPerGas: shownOrNull(row?.creditsPerGas),
  createdAt: row === undefined ? null : toTimestamp(row.createdAt),
});

export const toPriceList = (network: NetworkSettings, row: PriceListRow | undefined) => ({
  ...toPrices(network, row),
  initialCredits: shownOrNull(row?.initialCredits),
});

export function toOperatorPriceList(
  network: NetworkSettings,
  standing: StandingPrices | undefined,
) {
  const { row, allocated = 0 } = standing ?? {};
  const credits = shownOrNull(row?.initialCredits);
  const total = shownOrNull(row?.initialTotal);
  return {
    ...toPrices(network, row),
    initialAllocation: credits === null || total === null ? null : { credits, total },
    allocated: shown(allocated),
    createdBy: row?.createdBy ?? null,
  };
}

/** The caller's own id, without the word that keeps kinds apart. */
const ownId = ({ orderKey }: CreditOrderRow): string => orderKey.replace(/^[a-z]+:/, '');

const DATOSHI_PER_GAS = 100_000_000n;

/** As the book counts them (decideBuyCredits). */
const creditsOf = ({ amount, creditsPerGas }: CreditOrderRow): bigint =>
  (fromStored(amount) * fromStored(creditsPerGas ?? 0)) / DATOSHI_PER_GAS;

export const toPurchase = (row: CreditOrderRow) => ({
  id: ownId(row),
  gasAccountId: row.gasAccountId ?? '',
  network: row.network,
  amount: shown(row.amount),
  credits: formatGas(creditsOf(row)),
  creditsPerGas: shown(row.creditsPerGas ?? 0),
  priceVersion: row.priceVersion,
  createdAt: toTimestamp(row.createdAt),
});

export const toGrant = (row: CreditOrderRow) => ({
  id: ownId(row),
  accountId: row.accountId,
  network: row.network,
  amount: shown(row.amount),
  reason: row.reason,
  createdAt: toTimestamp(row.createdAt),
});
