// The median of several sources, asked at the same time. One that is down, slow or far from the
// others does no harm: the result needs a quorum, and an outlier is named and left out.
import { recordPriceSnapshot } from '@neo-service-layer/devpack';

const SOURCES = {
  alpha: 'https://alpha.example.com/price/',
  beta: 'https://beta.example.com/price/',
  gamma: 'https://gamma.example.com/price/',
};
const QUORUM = 2;
const DEVIATION_MAX = 0.05;

async function ask(url) {
  const answer = await Devpack.http.fetch(url);
  if (!answer.ok) throw new Error(`status ${answer.status}`);
  const price = Number((await answer.json()).price);
  if (!(price > 0 && price < Infinity)) throw new Error('no price');
  return price;
}

function medianOf(prices) {
  const sorted = prices.toSorted((one, other) => one - other);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

export default async ({ symbol, feedId }) => {
  const names = Object.keys(SOURCES);
  const answers = await Promise.allSettled(
    names.map((name) => ask(SOURCES[name] + encodeURIComponent(symbol))),
  );
  const prices = {};
  const failed = {};
  answers.forEach(({ value, reason }, index) => {
    if (value === undefined) failed[names[index]] = reason.message;
    else prices[names[index]] = value;
  });
  const middle = medianOf(Object.values(prices));
  for (const [name, price] of Object.entries(prices)) {
    if (Math.abs(price - middle) <= middle * DEVIATION_MAX) continue;
    failed[name] = 'too far from the others';
    delete prices[name];
  }
  const used = Object.keys(prices);
  if (used.length < QUORUM) throw new Error(`no quorum: ${JSON.stringify(failed)}`);
  const price = medianOf(Object.values(prices));
  if (feedId !== undefined) {
    recordPriceSnapshot({ feedId, price, source: `median of ${used.join(', ')}` });
  }
  return { symbol, price, used, failed };
};
