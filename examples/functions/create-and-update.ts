/**
 * The life of a function: creation, a source that does not compile, a new version, the way back.
 *
 *   SERVICE_LAYER_ADDR=http://127.0.0.1:8787 SERVICE_LAYER_TOKEN=<an operator's token> \
 *     node examples/functions/create-and-update.ts
 */
import { isServiceLayerError } from '../../sdk/src/index.ts';
import { print, runExample, withAccount } from '../connect.ts';

await runExample(() =>
  withAccount('functions example', async ({ client, accountId }) => {
    const { functions, executions } = client;
    const { id: functionId } = await functions.createFunction({
      accountId,
      name: 'greet',
      source: '({ name }) => ({ text: `Hello, ${name}` })',
    });
    const greet = async (): Promise<void> => {
      const params = { name: 'Neo' };
      const { output } = await executions.executeFunction({ accountId, functionId, params });
      const { activeVersion } = await functions.getFunction({ accountId, functionId });
      print(`version ${activeVersion?.number}: ${JSON.stringify(output)}`);
    };
    await greet();

    try {
      await functions.updateFunction({ accountId, functionId, source: '(params) => {' });
      throw new Error('a source that does not compile was taken');
    } catch (error) {
      if (!isServiceLayerError(error, 'functions.source_invalid')) throw error;
      print('refused: the source does not compile');
    }

    const source = 'export default ({ name }) => ({ text: `Welcome, ${name}` });';
    await functions.updateFunction({ accountId, functionId, source, deploy: true });
    await greet();
    await functions.rollbackFunction({ accountId, functionId });
    await greet();
  }),
);
