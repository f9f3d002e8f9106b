// Takes what a payment provider sends, checks every field and turns it into actions. A payload that
// is wrong is answered with all its problems at once and causes nothing.
(payload) => {
  const text = (value) => typeof value === 'string' && value.length > 0 && value.length <= 200;
  const FIELDS = {
    id: text,
    type: text,
    wallet: (value) => typeof value === 'string' && /^N[1-9A-HJ-NP-Za-km-z]{33}$/.test(value),
    amount: (value) => typeof value === 'string' && /^(0|[1-9]\d{0,17})(\.\d{1,8})?$/.test(value),
  };
  const ROUTES = {
    'payment.received': ({ id, wallet, amount }) => [
      Devpack.gasBank.ensureAccount({ wallet }),
      Devpack.dataLink.createDelivery({ channelId: 'payments', payload: { id, wallet, amount } }),
    ],
    'payment.refunded': ({ id, amount }) => [
      Devpack.dataLink.createDelivery({ channelId: 'refunds', payload: { id, amount } }),
    ],
  };

  const given = typeof payload === 'object' && payload !== null ? payload : {};
  const problems = Object.keys(FIELDS).filter((name) => !FIELDS[name](given[name]));
  if (problems.length > 0) return Devpack.respond.failure('invalid payload', { problems });
  // A type named `constructor` must not find a route.
  const route = Object.hasOwn(ROUTES, given.type) ? ROUTES[given.type] : undefined;
  if (route === undefined) return Devpack.respond.failure(`no route for ${given.type}`);
  const actions = route(given);
  return Devpack.respond.success({ routed: given.id, actions: actions.map(({ type }) => type) });
};
