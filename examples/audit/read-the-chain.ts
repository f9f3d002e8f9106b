/**
 * Does two things in an account, finds both in its audit log, and checks that every entry names the
 * hash of the one before it. `slctl audit verify` recomputes the hashes too and checks signatures.
 *
 *   SERVICE_LAYER_ADDR=http://127.0.0.1:8787 SERVICE_LAYER_TOKEN=<an operator's token> \
 *     node examples/audit/read-the-chain.ts
 */
import { paginate } from '../../sdk/src/index.ts';
import { print, runExample, withAccount } from '../connect.ts';

await runExample(() =>
  withAccount('audit example', async ({ client, accountId }) => {
    const name = 'API_TOKEN';
    await client.secrets.createSecret({ accountId, name, value: 'not-in-any-log-0123456789' });
    await client.secrets.deleteSecret({ accountId, name });

    for await (const { at, actor, operation, target } of paginate(client.audit.listEntries, {
      accountId,
    }))
      print(`${at} ${actor.kind} ${operation} ${target?.id ?? ''}`.trimEnd());

    const { entries } = await client.audit.exportLog({ accountId });
    const broken = entries.findIndex(
      ({ previousHash }, index) => index > 0 && previousHash !== entries[index - 1]?.hash,
    );
    if (broken !== -1) throw new Error(`entry ${broken + 1} does not follow the one before it`);
    print(`${entries.length} entries, each after the one before`);
  }),
);
