// Brings answers of several providers into the one form an oracle publishes: pair in capitals, price
// as an integer with 8 decimals, time in RFC 3339. What cannot be trusted is listed with the reason.
const AGE_SECONDS_MAX = 300;

/** Each provider says the same in its own words. */
const READERS = {
  ticker: ({ s, p, T }) => ({ pair: s, price: p, seconds: T / 1000 }),
  quote: ({ base, quote, last, at }) => ({
    pair: `${base}/${quote}`,
    price: last,
    seconds: Date.parse(at) / 1000,
  }),
};

/** Text in, text out: no digit passes through a double. Further places are cut. */
function toScaled(price) {
  const match = /^(\d{1,12})(?:\.(\d{1,20}))?$/.exec(String(price));
  if (match === null) return undefined;
  const [, whole, fraction = ''] = match;
  return `${whole}${fraction.slice(0, 8).padEnd(8, '0')}`.replace(/^0+(?=\d)/, '');
}

function normalise({ provider, format, body }, asOfSeconds) {
  if (!Object.hasOwn(READERS, format)) return { provider, rejected: 'unknown format' };
  const { pair, price, seconds } = READERS[format](body);
  const scaled = toScaled(price);
  if (scaled === undefined || scaled === '0') return { provider, rejected: 'no price' };
  if (!Number.isFinite(seconds)) return { provider, rejected: 'no time' };
  if (seconds > asOfSeconds) return { provider, rejected: 'from the future' };
  if (asOfSeconds - seconds > AGE_SECONDS_MAX) return { provider, rejected: 'stale' };
  const observedAt = new Date(seconds * 1000).toISOString();
  return {
    provider,
    pair: String(pair).toUpperCase().replace('-', '/'),
    price: scaled,
    observedAt,
  };
}

export default ({ answers, asOf }) => {
  const read = answers.map((answer) => normalise(answer, Date.parse(asOf) / 1000));
  return {
    accepted: read.filter(({ rejected }) => rejected === undefined),
    rejected: read.filter(({ rejected }) => rejected !== undefined),
  };
};
