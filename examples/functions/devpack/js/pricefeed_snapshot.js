// Records the price that the caller has seen.
export default function (params) {
  const { feedId, price, source = 'manual', collectedAt } = params;
  if (!(Number(price) > 0)) return Devpack.respond.failure('price must be greater than zero');
  const snapshot = Devpack.priceFeeds.recordSnapshot({ feedId, price, source, collectedAt });
  return Devpack.respond.success({ snapshot: snapshot.asResult() });
}
