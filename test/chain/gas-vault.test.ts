/**
 * The vault on live nodes, with transactions of our own builder: what neotest shows on the virtual
 * machine holds on the network, under the witness scopes as they travel on the wire.
 */
import { randomBytes } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { accountNamed, councilAccount, type NamedAccount } from '../../scripts/devnet/accounts.ts';
import { compileContract, deployContract, readArtifacts } from '../../scripts/devnet/contracts.ts';
import { gasOf } from '../../scripts/devnet/funds.ts';
import { isObject } from '../../scripts/devnet/rpc.ts';
import {
  awaitExecution,
  buildTransaction,
  type Executed,
  execute,
  send,
} from '../../scripts/devnet/transactions.ts';
import { vaultTerms } from '../../scripts/devnet/vault-terms.ts';
import { gas } from '../../worker/chain/contracts/gas.ts';
import { neo } from '../../worker/chain/contracts/neo.ts';
import { read, reading } from '../../worker/chain/invoker.ts';
import { CALL_FLAGS } from '../../worker/core/neo/call-flags.ts';
import { encodeCalls } from '../../worker/core/neo/contract-calls.ts';
import { encodeScriptHash, type ScriptHash } from '../../worker/core/neo/script-hash.ts';
import type { StackArgument } from '../../worker/core/neo/stack-argument.ts';
import type { WitnessScopes } from '../../worker/core/neo/transaction/witness-scope.ts';
import type { StackItem } from '../../worker/core/neo/vm/stack-item.ts';
import { devnet, follower, openAccount, rpc, validator } from './support/devnet.ts';
import { openClient } from './support/rpc-client.ts';

const GAS = 100_000_000n;
const DEPOSIT = 5n * GAS;
/** Enough for every release here, so that what fails does not fail for want of it. */
const SYSTEM_FEE = GAS;
const client = openClient([validator.rpcUrl, follower.rpcUrl]);
const accountId = new TextEncoder().encode('account_01jd3k9w8t');

let deployer: NamedAccount;
let operator: NamedAccount;
let vault: ScriptHash;

beforeAll(async () => {
  deployer = await openAccount('gas-vault-deployer', { gas: 100n, neo: 1n });
  operator = await openAccount('gas-vault-operator', { gas: 20n, neo: 0n });
  const terms = vaultTerms({
    owner: councilAccount().scriptHash,
    operator: operator.scriptHash,
    minimumDeposit: GAS / 100n,
    releaseCap: 100n * GAS,
    refillCap: GAS,
    sponsors: [accountNamed('sponsor').scriptHash],
  });
  const contract = readArtifacts('gas-vault');
  vault = await deployContract(rpc, { contract, deployer, terms });
  await execute(rpc, deployer, encodeCalls([deposit(DEPOSIT)]));
});

const hash160 = (value: ScriptHash): StackArgument => ({ type: 'Hash160', value });
const bytes = (value: Uint8Array): StackArgument => ({ type: 'ByteArray', value });
const integer = (value: bigint): StackArgument => ({ type: 'Integer', value });
const text = (value: string): StackArgument => ({ type: 'String', value });

const deposit = (amount: bigint) =>
  gas.transfer({ from: deployer.scriptHash, to: vault, amount, data: bytes(accountId) });

const callOf = (contract: ScriptHash, method: string, args: readonly StackArgument[]) =>
  ({ contract, method, args, flags: CALL_FLAGS.All, result: 'kept' }) as const;

/** M13: for the vault alone, and only where the script of the transaction calls it. */
const production = (): WitnessScopes => ({
  calledByEntry: false,
  rules: [
    {
      action: 'Allow',
      condition: {
        type: 'And',
        expressions: [{ type: 'CalledByEntry' }, { type: 'ScriptHash', hash: vault }],
      },
    },
  ],
});

interface Payment {
  readonly id: Uint8Array;
  readonly to: ScriptHash;
  readonly amount: bigint;
}

const paymentOf = (to: ScriptHash, amount: bigint): Payment => ({
  id: randomBytes(32),
  to,
  amount,
});

async function release({ id, to, amount }: Payment, scopes = production()): Promise<Executed> {
  const script = encodeCalls([callOf(vault, 'release', [bytes(id), hash160(to), integer(amount)])]);
  const order = { script, systemFee: SYSTEM_FEE, scopes };
  const hash = await send(rpc, operator, await buildTransaction(rpc, operator, order));
  return awaitExecution(rpc, hash);
}

/** As the chain tells it. */
async function released(id: Uint8Array): Promise<StackItem> {
  const answer = await read(
    client,
    reading(vault, ['released', bytes(id)], (item) => item),
  );
  if (answer.kind !== 'value') throw new Error(JSON.stringify(answer));
  return answer.value;
}

async function notificationsOf({ hash }: Executed): Promise<unknown> {
  const log = await rpc.call('getapplicationlog', [hash]);
  const executions: unknown = isObject(log) ? log.executions : undefined;
  const first: unknown = Array.isArray(executions) ? executions[0] : undefined;
  return isObject(first) ? first.notifications : undefined;
}

const base64 = (value: Uint8Array): string => Buffer.from(value).toString('base64');
const onWire = (hash: ScriptHash): string => base64(encodeScriptHash(hash));

describe('the gas vault on live nodes', () => {
  test('is the committed contract, under the terms it was deployed with', async () => {
    expect(await rpc.call('getcontractstate', [vault])).toMatchObject({
      hash: vault,
      manifest: { name: 'GasVault', supportedstandards: ['NEP-27'] },
    });
    const owner = await rpc.call('invokefunction', [vault, 'owner', []]);
    expect(owner).toMatchObject({
      state: 'HALT',
      stack: [{ type: 'ByteString', value: onWire(councilAccount().scriptHash) }],
    });
    // The network has one too, for whoever tries the platform on it.
    expect(devnet.contracts['gas-vault']).not.toBe(vault);
  });

  test('says for whom a deposit is, after the transfer itself', async () => {
    const paid = await execute(rpc, deployer, encodeCalls([deposit(GAS)]));
    expect(await notificationsOf(paid)).toMatchObject([
      { eventname: 'Transfer' },
      {
        contract: vault,
        eventname: 'Deposit',
        state: {
          value: [
            { type: 'ByteString', value: onWire(deployer.scriptHash) },
            { type: 'Integer', value: String(GAS) },
            { type: 'ByteString', value: base64(accountId) },
          ],
        },
      },
    ]);
  });

  test('takes no NEO', async () => {
    const { scriptHash } = deployer;
    const script = encodeCalls([neo.transfer({ from: scriptHash, to: vault, amount: 1n })]);
    await expect(execute(rpc, deployer, script)).rejects.toThrow('only GAS is taken');
  });

  test('M13 pays under the production signer, each id once', async () => {
    const to = accountNamed(`gas-vault-payee-${randomBytes(4).toString('hex')}`).scriptHash;
    const payment = paymentOf(to, 12_345n);
    expect(await released(payment.id)).toMatchObject({ type: 'Any' });
    const paid = await release(payment);
    expect(paid).toMatchObject({ vmState: 'HALT' });
    expect(await notificationsOf(paid)).toMatchObject([
      { eventname: 'Transfer' },
      {
        contract: vault,
        eventname: 'Released',
        state: {
          value: [
            { value: base64(payment.id) },
            { value: onWire(to) },
            { type: 'Integer', value: '12345' },
          ],
        },
      },
    ]);
    expect(await gasOf(rpc, to)).toBe(12_345n);
    const record = { type: 'Array', value: [{ type: 'ByteString' }, { type: 'Integer' }] };
    expect(await released(payment.id)).toMatchObject(record);

    const again = await release(payment);
    expect(again).toMatchObject({
      vmState: 'FAULT',
      exception: expect.stringContaining('id used'),
    });
    expect(await gasOf(rpc, to)).toBe(12_345n);
  });

  test('M13 gives a recipient that calls back in nothing, however the operator signed', async () => {
    const contract = await compileContract('gas-vault/testdata/recipient');
    const recipient = await deployContract(rpc, { contract, deployer });
    const behave = callOf(recipient, 'behave', [text('release'), hash160(vault)]);
    await execute(rpc, deployer, encodeCalls([behave]));
    const before = await gasOf(rpc, vault);
    for (const scopes of [production(), 'Global'] as const) {
      const payment = paymentOf(recipient, GAS);
      expect(await release(payment, scopes)).toMatchObject({
        vmState: 'FAULT',
        exception: expect.stringContaining('locked: a payment is being made'),
      });
      expect(await released(payment.id)).toMatchObject({ type: 'Any' });
    }
    expect(await gasOf(rpc, recipient)).toBe(0n);
    expect(await gasOf(rpc, vault)).toBe(before);
  });

  test('M15 pauses by the operator at once and goes on by the owner alone', async () => {
    const pause = encodeCalls([callOf(vault, 'pause', [])]);
    const unpause = encodeCalls([callOf(vault, 'unpause', [])]);
    await execute(rpc, operator, pause);
    await execute(rpc, deployer, encodeCalls([deposit(GAS / 100n)]));
    const payment = paymentOf(deployer.scriptHash, 1n);
    expect(await release(payment)).toMatchObject({ vmState: 'FAULT' });
    await expect(execute(rpc, operator, unpause)).rejects.toThrow('no witness of the owner');
    await execute(rpc, councilAccount(), unpause);
    expect(await release(payment)).toMatchObject({ vmState: 'HALT' });
  });
});
