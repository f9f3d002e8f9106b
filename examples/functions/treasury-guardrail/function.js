// Runs on a schedule over the gas accounts of a team: what exceeds the ceiling is swept to the cold
// wallet, what falls below the floor is reported. Withdrawals of one run stay below a budget, so a
// mistake in the input empties nothing.
(input) => {
  const UNITS = 8;
  const toUnits = (amount) => {
    const match = /^(\d{1,12})(?:\.(\d{1,8}))?$/.exec(amount);
    if (match === null) throw new RangeError(`"${amount}" is no GAS amount`);
    return BigInt(match[1] + (match[2] ?? '').padEnd(UNITS, '0'));
  };
  const toAmount = (units) => {
    const digits = String(units).padStart(UNITS + 1, '0');
    return `${digits.slice(0, -UNITS)}.${digits.slice(-UNITS)}`.replace(/\.?0+$/, '');
  };

  const { accounts, floor, ceiling, coldWallet, budget } = input;
  const [low, high] = [toUnits(floor), toUnits(ceiling)];
  if (low >= high) throw new RangeError('the floor must be below the ceiling');
  let left = toUnits(budget);
  const report = { swept: [], low: [], held: [] };
  for (const { wallet, balance } of accounts) {
    const units = toUnits(balance);
    const excess = units - high;
    if (units < low) report.low.push({ wallet, missing: toAmount(low - units) });
    if (excess <= 0n) continue;
    if (excess > left) {
      report.held.push({ wallet, excess: toAmount(excess) });
      continue;
    }
    left -= excess;
    Devpack.gasBank.withdraw({ wallet, amount: toAmount(excess), to: coldWallet });
    report.swept.push({ wallet, amount: toAmount(excess) });
  }
  if (report.low.length > 0) console.warn(`${report.low.length} below ${floor} GAS`);
  return Devpack.respond.success(report, { budgetLeft: toAmount(left) });
};
