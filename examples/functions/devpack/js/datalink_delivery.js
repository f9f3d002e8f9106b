// Hands a message to a channel.
export default function (params) {
  const { channelId, message, priority = 'normal' } = params;
  const delivery = Devpack.dataLink.createDelivery({
    channelId,
    payload: { message },
    metadata: { priority, function: Devpack.context.functionId },
  });
  return Devpack.respond.success({ delivery: delivery.asResult() });
}
