// Submits one round of a data feed.
export default function (params) {
  const { feedId, roundId, price, signer, metadata = {} } = params;
  const timestamp = params.timestamp ?? new Date().toISOString();
  const update = Devpack.dataFeeds.submitUpdate({
    feedId,
    roundId,
    price,
    timestamp,
    signer,
    metadata,
  });
  return Devpack.respond.success({ update: update.asResult({ roundId }) });
}
