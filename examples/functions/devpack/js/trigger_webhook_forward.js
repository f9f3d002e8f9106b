// Registers a webhook trigger that forwards events to an endpoint, with a token from the secrets.
(params, secrets) => {
  const { endpoint, event = 'default', enabled = true } = params;
  const token = secrets.webhookToken || secrets.token;
  if (!endpoint) return Devpack.respond.failure('endpoint is required');
  if (!token) return Devpack.respond.failure('the secret webhookToken is missing');
  const trigger = Devpack.triggers.register({
    type: 'webhook',
    rule: event,
    config: { endpoint, token },
    enabled,
  });
  return Devpack.respond.success({ trigger: trigger.asResult({ endpoint, event }) });
};
