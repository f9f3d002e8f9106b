// Publishes one frame of a stream, with the delay since it was made.
export default function (params) {
  const { streamId, sequence, payload, madeAt } = params;
  const latencyMs = madeAt === undefined ? 0 : Math.max(0, Date.now() - Date.parse(madeAt));
  const frame = Devpack.dataStreams.publishFrame({
    stream_id: streamId,
    seq: sequence,
    payload,
    latencyMs,
    status: 'delivered',
  });
  return Devpack.respond.success({ frame: frame.asResult() });
}
