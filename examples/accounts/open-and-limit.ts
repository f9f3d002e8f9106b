/**
 * Opens an account for a team, gives it a smaller quota, shows what is used of it, and closes it.
 * What an operator does; teams themselves use API keys.
 *
 *   SERVICE_LAYER_ADDR=http://127.0.0.1:8787 SERVICE_LAYER_TOKEN=<an operator's token> \
 *     node examples/accounts/open-and-limit.ts
 */
import { connect, print, runExample } from '../connect.ts';

await runExample(async () => {
  const operator = connect();
  const { id: accountId } = await operator.accounts.createAccount({
    name: 'Example team',
    metadata: { plan: 'trial' },
  });
  print(`opened ${accountId}`);

  // Read with its ETag, so that a change someone else makes meanwhile is not overwritten.
  const { etag } = await operator.call('accounts.getAccount', { accountId });
  const account = await operator.accounts.updateAccount(
    { accountId, metadata: { plan: 'team' } },
    { ifMatch: etag },
  );
  print(`${account.name} is on the plan ${account.metadata.plan}`);

  await operator.accounts.setQuotas({ accountId, functions: 5, monthlyExecutions: 1_000 });
  const { functions, monthlyExecutions, month } = await operator.accounts.getUsage({ accountId });
  print(`functions: ${functions.used} of ${functions.limit}`);
  print(`executions in ${month}: ${monthlyExecutions.used} of ${monthlyExecutions.limit}`);

  await operator.accounts.suspendAccount({ accountId, reason: 'the example ends' });
  await operator.accounts.deleteAccount({ accountId });
  const { status, purgeAfter } = await operator.accounts.getAccount({ accountId });
  print(`${status}, purged after ${purgeAfter}`);
});
