// Keeps the wallets that pay network fees above a floor: reads their GAS from the chain and sends
// what is missing, in one transaction of the treasury's wallet. The wallet's policy bounds what can
// leave whatever this code says; the budget bounds what one run asks for.
async ({ walletId, treasury, relayers, floor, target, budget }) => {
  const GAS = '0xd2a4cff31913016155e38e474a2c06d08be276cf';
  const balanceOf = async (address) =>
    BigInt((await Devpack.chain.balance({ address, token: 'GAS' })).amount);

  const [low, high] = [BigInt(floor), BigInt(target)];
  if (low > high) throw new RangeError('the floor must not be above the target');
  const held = await Promise.all(relayers.map(balanceOf));
  const missing = relayers.flatMap((address, index) =>
    held[index] < low ? [{ address, amount: high - held[index] }] : [],
  );
  if (missing.length === 0) return Devpack.respond.success({ sent: [], height: null });

  const total = missing.reduce((sum, { amount }) => sum + amount, 0n);
  if (total > BigInt(budget)) return Devpack.respond.failure(`${total} is above the budget`);
  // A transfer of more than there is answers false; asking first saves the fee of that.
  const funds = await balanceOf(treasury);
  if (funds < total) return Devpack.respond.failure(`the treasury holds ${funds} of ${total}`);

  Devpack.chain.submitTransaction({
    walletId,
    calls: missing.map(({ address, amount }) => ({
      contract: GAS,
      method: 'transfer',
      args: [
        { type: 'Hash160', value: treasury },
        { type: 'Hash160', value: address },
        { type: 'Integer', value: amount },
        { type: 'Any' },
      ],
      result: 'asserted',
    })),
    note: `top-up of ${missing.length}`,
  });
  const height = await Devpack.chain.height();
  console.log(`at height ${height}: ${total} datoshi to ${missing.length} of ${relayers.length}`);
  const sent = missing.map(({ address, amount }) => ({ address, amount: String(amount) }));
  return Devpack.respond.success({ sent, height });
};
