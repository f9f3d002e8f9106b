// What holdings are worth, to the last digit. Amounts and prices are decimal text with up to 18
// places: a double would lose digits of 1234567.89012345, and JSON carries no BigInt.
const PLACES = 18;
const UNIT = 10n ** BigInt(PLACES);

function parseDecimal(text) {
  const match = /^(\d{1,40})(?:\.(\d{1,18}))?$/.exec(text);
  if (match === null) throw new RangeError(`"${text}" is no decimal with up to ${PLACES} places`);
  const [, whole, fraction = ''] = match;
  return BigInt(whole) * UNIT + BigInt(fraction.padEnd(PLACES, '0'));
}

function formatDecimal(units) {
  const fraction = String(units % UNIT)
    .padStart(PLACES, '0')
    .replace(/0+$/, '');
  return `${units / UNIT}${fraction === '' ? '' : `.${fraction}`}`;
}

/** Hundredths of a percent, rounded to the nearest. */
const shareOf = (part, whole) => Number((part * 20_000n + whole) / (2n * whole)) / 100;

export default ({ holdings, prices }) => {
  const valued = holdings.map(({ asset, amount }) => {
    if (!Object.hasOwn(prices, asset)) throw new Error(`there is no price of ${asset}`);
    // Rounded down to a unit, as a chain would pay it out.
    return { asset, units: (parseDecimal(amount) * parseDecimal(prices[asset])) / UNIT };
  });
  const total = valued.reduce((sum, { units }) => sum + units, 0n);
  return {
    total: formatDecimal(total),
    positions: valued.map(({ asset, units }) => ({
      asset,
      value: formatDecimal(units),
      sharePercent: total === 0n ? 0 : shareOf(units, total),
    })),
  };
};
