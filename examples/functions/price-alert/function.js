// Tells when a price leaves a band. The price service wants an API key: it is a secret that only
// this function may read, it leaves for this one host only, and no log or journal shows it.
const SERVICE = 'https://prices.example.com';

export default async ({ symbol, above, below, channelId }, { PRICE_API_KEY }) => {
  const url = `${SERVICE}/v1/prices/${encodeURIComponent(symbol)}`;
  const answer = await Devpack.http.fetch(url, {
    headers: { authorization: `Bearer ${PRICE_API_KEY}` },
  });
  if (!answer.ok) throw new Error(`the price service answered ${answer.status}`);
  const price = Number((await answer.json()).price);
  if (!Number.isFinite(price)) throw new Error('the price service gave no price');

  const alert = price > above ? 'above' : price < below ? 'below' : null;
  console.info(`${symbol} is at ${price}`);
  if (alert !== null && channelId !== undefined) {
    Devpack.dataLink.createDelivery({ channelId, payload: { symbol, price, alert } });
  }
  return { symbol, price, alert };
};
