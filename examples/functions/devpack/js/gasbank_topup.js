// Makes sure that a wallet has a gas account and pays a top-up out to it.
(params, secrets) => {
  const wallet = params.wallet || secrets.defaultWallet;
  // A number or decimal text; text keeps every digit.
  const { amount } = params;
  if (!wallet) return Devpack.respond.failure('wallet is required');
  if (!(amount > 0)) return Devpack.respond.failure('amount must be greater than zero');
  const account = Devpack.gasBank.ensureAccount({ wallet });
  const withdrawal = Devpack.gasBank.withdraw({ wallet, amount, to: wallet });
  return Devpack.respond.success({
    account: account.asResult(),
    withdrawal: withdrawal.asResult({ amount }),
  });
};
