/** What the probe does is what other tests count on. */
import { describe, expect, test } from 'vitest';
import { accountNamed } from '../../scripts/devnet/accounts.ts';
import { isObject } from '../../scripts/devnet/rpc.ts';
import {
  awaitExecution,
  buildTransaction,
  execute,
  send,
} from '../../scripts/devnet/transactions.ts';
import { CALL_FLAGS } from '../../worker/core/neo/call-flags.ts';
import { NATIVE_CONTRACTS } from '../../worker/core/neo/native-contracts.ts';
import { ScriptBuilder } from '../../worker/core/neo/script-builder.ts';
import type { StackArgument } from '../../worker/core/neo/stack-argument.ts';
import { callProbe, probe, rpc } from './support/devnet.ts';

const user = accountNamed('stranger');
const text = (value: string): StackArgument => ({ type: 'String', value });
const emitted = { contract: probe, eventname: 'Emitted' };

const pay = (payment: StackArgument): Uint8Array =>
  new ScriptBuilder()
    .call({
      contract: NATIVE_CONTRACTS.GasToken.hash,
      method: 'transfer',
      args: [
        { type: 'Hash160', value: user.scriptHash },
        { type: 'Hash160', value: probe },
        { type: 'Integer', value: 1n },
        payment,
      ],
      flags: CALL_FLAGS.All,
      result: 'asserted',
    })
    .toBytes();

describe('the probe', () => {
  test('raises as many events as it is asked for', async () => {
    const script = callProbe('emitMany', text('many'), { type: 'Integer', value: 20n });
    const { notifications } = await executionOf((await execute(rpc, user, script)).hash);
    expect(notifications).toHaveLength(20);
  });

  test('faults after an event, which the log still lists', async () => {
    const order = { script: callProbe('emitAndFault', text('void')), systemFee: 10_000_000n };
    const hash = await send(rpc, user, await buildTransaction(rpc, user, order));
    expect(await awaitExecution(rpc, hash)).toMatchObject({ vmState: 'FAULT' });
    expect(await executionOf(hash)).toMatchObject({ notifications: [emitted] });
  });

  test('aborts', async () => {
    const order = { script: callProbe('abort'), systemFee: 10_000_000n };
    const hash = await send(rpc, user, await buildTransaction(rpc, user, order));
    const { vmState, exception } = await awaitExecution(rpc, hash);
    expect([vmState, exception]).toEqual(['FAULT', expect.stringContaining('ABORT')]);
  });

  test('says what it was paid, after the transfer itself', async () => {
    const { hash } = await execute(rpc, user, pay(text('memo')));
    expect(await executionOf(hash)).toMatchObject({
      notifications: [{ eventname: 'Transfer' }, { contract: probe, eventname: 'Paid' }],
    });
  });

  test('takes a payment without a memo, and refuses one on request', async () => {
    await execute(rpc, user, pay({ type: 'Any', value: null }));
    await expect(execute(rpc, user, pay(text('refuse')))).rejects.toThrow('refused');
  });

  test('stores, reads and lists', async () => {
    const put = callProbe('put', text('probe-test-1'), text('stored'));
    await execute(rpc, user, put);
    expect(await readProbe('get', 'probe-test-1')).toMatchObject([
      { type: 'ByteString', value: Buffer.from('stored').toString('base64') },
    ]);
    expect(await readProbe('get', 'probe-test-none')).toMatchObject([{ type: 'Any' }]);
    expect(await readProbe('find', 'probe-test-')).toMatchObject([{ type: 'InteropInterface' }]);
  });

  test('tells whether the witness of an account reaches it', async () => {
    const asked = [{ type: 'Hash160', value: user.scriptHash }];
    const signer = { account: user.scriptHash, scopes: 'CalledByEntry' };
    const parameters = [probe, 'witnessed', asked];
    expect(await rpc.call('invokefunction', [...parameters, [signer]])).toMatchObject({
      stack: [{ value: true }],
    });
    expect(await rpc.call('invokefunction', parameters)).toMatchObject({
      stack: [{ value: false }],
    });
  });
});

async function executionOf(hash: string): Promise<Readonly<Record<string, unknown>>> {
  const log = await rpc.call('getapplicationlog', [hash]);
  const executions: unknown = isObject(log) ? log.executions : undefined;
  const [execution]: readonly unknown[] = Array.isArray(executions) ? executions : [];
  if (!isObject(execution)) throw new Error('a log has an execution');
  return execution;
}

async function readProbe(method: string, key: string): Promise<unknown> {
  const answer = await rpc.call('invokefunction', [
    probe,
    method,
    [{ type: 'String', value: key }],
  ]);
  return isObject(answer) ? answer.stack : undefined;
}
