// One observation on its way: a feed round, a stream frame and a delivery.
export default async function (params) {
  const { feedId, streamId, channelId, round, price } = params;
  const observation = { round, price };
  const update = Devpack.dataFeeds.submitUpdate({ feedId, roundId: round, price });
  const frame = Devpack.dataStreams.publishFrame({
    streamId,
    sequence: round,
    payload: observation,
    status: 'delivered',
  });
  const delivery = Devpack.dataLink.createDelivery({ channelId, payload: observation });
  return Devpack.respond.success(
    { update: update.asResult(), frame: frame.asResult(), delivery: delivery.asResult() },
    { queued: 3 },
  );
}
