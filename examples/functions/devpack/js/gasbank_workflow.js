// A gas account from opening to withdrawal: four actions in order.
(params) => {
  const { wallet, amount = '1', to, scheduleAt = null } = params;
  const account = Devpack.gasBank.ensureAccount({ wallet });
  const balance = Devpack.gasBank.balance({ wallet });
  const transactions = Devpack.gasBank.listTransactions({ wallet, limit: 10 });
  // No time means at once: a null param counts as not given.
  const withdrawal = Devpack.gasBank.withdraw({ wallet, amount, to: to ?? wallet, scheduleAt });
  return { account, balance, transactions, withdrawal };
};
