// Records a price and says how far it is from the one before.
import { failure, recordPriceSnapshot, success } from '@service-layer/devpack';

interface Params {
  readonly feedId: string;
  readonly price: number;
  readonly previousPrice?: number;
}

/** In basis points; null when there is nothing to compare with. */
function changeOf(price: number, previous: number | undefined): number | null {
  return previous === undefined ? null : Math.round(((price - previous) / previous) * 10_000);
}

export default function ({ feedId, price, previousPrice }: Params) {
  if (!(price > 0)) return failure('price must be greater than zero', { feedId });
  const snapshot = recordPriceSnapshot({ feedId, price, source: 'devpack' });
  return success({
    snapshot: snapshot.asResult(),
    changeBasisPoints: changeOf(price, previousPrice),
  });
}
