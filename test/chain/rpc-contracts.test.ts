/** Readers of contracts and their call builders on a live node; amounts are the network's own. */
import { describe, expect, test } from 'vitest';
import { accountNamed, genesisAccount } from '../../scripts/devnet/accounts.ts';
import { execute } from '../../scripts/devnet/transactions.ts';
import { contractManagement } from '../../worker/chain/contracts/contract-management.ts';
import { gas } from '../../worker/chain/contracts/gas.ts';
import { neo } from '../../worker/chain/contracts/neo.ts';
import { nep11 } from '../../worker/chain/contracts/nep11.ts';
import { nep17 } from '../../worker/chain/contracts/nep17.ts';
import { notary } from '../../worker/chain/contracts/notary.ts';
import { oracle } from '../../worker/chain/contracts/oracle.ts';
import { policy } from '../../worker/chain/contracts/policy.ts';
import { roleManagement } from '../../worker/chain/contracts/role-management.ts';
import {
  type ContractReading,
  read,
  readAll,
  readIterator,
  reading,
} from '../../worker/chain/invoker.ts';
import { rpcSenderEndpoint } from '../../worker/chain/sender-steps/rpc-endpoint.ts';
import { encodeCalls } from '../../worker/core/neo/contract-calls.ts';
import { type Hash256, parseHash256 } from '../../worker/core/neo/hash256.ts';
import { decideQuorum, verdictKey, verdictOf } from '../../worker/core/neo/rpc/quorum.ts';
import { getUnclaimedGas } from '../../worker/core/neo/rpc/state-calls.ts';
import { asBytes, asInteger } from '../../worker/core/neo/vm/stack-item-values.ts';
import {
  callProbe,
  follower,
  openAccount,
  openFaultyEndpoint,
  probe,
  rpc,
  validator,
  waitForHeight,
} from './support/devnet.ts';
import { openClient } from './support/rpc-client.ts';

const client = openClient([validator.rpcUrl, follower.rpcUrl]);
const bytes = (text: string) => new TextEncoder().encode(text);

async function valueOf<Value>(one: ContractReading<Value>): Promise<Value> {
  const answer = await read(client, one);
  if (answer.kind !== 'value') throw new Error(JSON.stringify(answer));
  return answer.value;
}

describe('native contracts', () => {
  test('several readings travel in one script and keep their order', async () => {
    const answer = await readAll(client, [
      gas.symbol(),
      gas.decimals(),
      neo.symbol(),
      neo.totalSupply(),
    ]);
    expect(answer).toMatchObject({ kind: 'value', value: ['GAS', 8, 'NEO', 100_000_000n] });
  });

  test('Policy gives the factors of this network', async () => {
    expect(await valueOf(policy.feePerByte())).toBe(1_000n);
    expect(await valueOf(policy.execFeeFactor())).toBe(30n);
    expect(await valueOf(policy.execPicoFeeFactor())).toBe(300_000n);
    expect(await valueOf(policy.storagePrice())).toBe(100_000n);
    expect(await valueOf(policy.attributeFee(0x22))).toBe(10_000_000n);
    expect(await valueOf(policy.isBlocked(genesisAccount().scriptHash))).toBe(false);
    expect(await valueOf(policy.msPerBlock())).toBe(1_000);
    expect(await valueOf(policy.maxValidUntilBlockIncrement())).toBe(5_760);
    expect(await valueOf(policy.maxTraceableBlocks())).toBe(200_000);
  });

  test('NEO, Oracle, RoleManagement, Notary and ContractManagement answer in their forms', async () => {
    expect(await valueOf(neo.gasPerBlock())).toBe(500_000_000n);
    expect(await valueOf(neo.registerPrice())).toBe(100_000_000_000n);
    expect(await valueOf(neo.committee())).toEqual(await valueOf(neo.nextBlockValidators()));
    const height = await waitForHeight(0);
    expect(await client.ask(getUnclaimedGas(genesisAccount().scriptHash))).toMatchObject({
      value: expect.any(BigInt),
    });
    expect(await valueOf(oracle.price())).toBe(50_000_000n);
    expect(await valueOf(roleManagement.designatedByRole('Oracle', height))).toEqual([]);
    expect(await valueOf(notary.balanceOf(probe))).toBe(0n);
    expect(await valueOf(notary.expirationOf(probe))).toBe(0);
    expect(await valueOf(notary.maxNotValidBeforeDelta())).toBe(140);
    expect(await valueOf(contractManagement.minimumDeploymentFee())).toBe(1_000_000_000n);
    const echo = { name: 'echo', parameterCount: 1 };
    expect(await valueOf(contractManagement.hasMethod(probe, echo))).toBe(true);
  });

  test('the call that ends an oracle request is the one script the network takes', () => {
    expect(Buffer.from(encodeCalls([oracle.finish()])).toString('hex')).toBe(
      'c21f0c0666696e6973680c14588717117e0aa81072afab71d2dd89fe7c4b92fe41627d5b52',
    );
  });

  test('a transfer moves what it says, and a deposit with the Notary too', async () => {
    const payer = await openAccount('contracts-payer', { gas: 20n, neo: 1n });
    const friend = accountNamed('contracts-friend');
    const till = (await waitForHeight(0)) + 100;
    const calls = [
      gas.transfer({ from: payer.scriptHash, to: friend.scriptHash, amount: 12_345n }),
      notary.deposit({ from: payer.scriptHash, amountDatoshi: 100_000_000n, till }),
      neo.vote(payer.scriptHash, null),
    ];
    await execute(rpc, payer, encodeCalls(calls));
    expect(await valueOf(gas.balanceOf(friend.scriptHash))).toBe(12_345n);
    expect(await valueOf(notary.balanceOf(payer.scriptHash))).toBe(100_000_000n);
    expect(await valueOf(notary.expirationOf(payer.scriptHash))).toBe(till);
  });

  test('old state is read at its height', async () => {
    const account = accountNamed('contracts-friend-later');
    const before = await waitForHeight(1);
    const genesis = genesisAccount();
    const transfer = gas.transfer({ from: genesis.scriptHash, to: account.scriptHash, amount: 7n });
    await execute(rpc, genesis, encodeCalls([transfer]));
    const balance = gas.balanceOf(account.scriptHash);
    expect(await read(client, balance, { height: before })).toMatchObject({ value: 0n });
    expect(await read(client, balance)).toMatchObject({ value: 7n });
  });
});

describe('contracts that are not what they are taken for', () => {
  test('are told apart from endpoints that failed', async () => {
    expect(await read(client, nep17(probe).symbol())).toMatchObject({ kind: 'fault' });
    const number = { type: 'Integer', value: 7n } as const;
    const text = reading(probe, ['echo', number], asBytes);
    expect(await read(client, text)).toEqual({ kind: 'other answer' });
    expect(await read(client, reading(probe, ['echo', number], asInteger))).toMatchObject({
      value: 7,
    });
    expect(await readIterator(client, nep11(probe).tokens(), 10)).toMatchObject({ kind: 'fault' });
  });
});

describe('iterators', () => {
  test('are read to their end or to a count, and leave no session behind', async () => {
    const writer = await openAccount('contracts-writer', { gas: 100n, neo: 0n });
    const keys = Array.from({ length: 120 }, (_, index) => `it${String(index).padStart(3, '0')}`);
    const puts = keys.map((key) => ({
      contract: probe,
      method: 'put',
      args: [key, 'x'].map((value) => ({ type: 'String', value }) as const),
      flags: 15,
      result: 'kept' as const,
    }));
    await execute(rpc, writer, encodeCalls(puts));
    const find = reading(probe, ['find', { type: 'ByteArray', value: bytes('it') }], asBytes).call;
    const all = { call: find, parseItem: (item: { readonly type: string }) => item.type };
    // More often than a node keeps sessions.
    for (let round = 0; round < 25; round += 1) {
      const answer = await readIterator(client, all, round === 0 ? 1_000 : 3);
      if (answer.kind !== 'value') throw new Error(JSON.stringify(answer));
      expect(answer.value).toHaveLength(round === 0 ? 120 : 3);
    }
  });
});

describe('M5: sightings of a live transaction', () => {
  const verdicts = async (urls: readonly string[], hash: Hash256, validUntilBlock: number) => {
    const endpointClient = openClient(urls);
    await endpointClient.probe();
    const votes = endpointClient.endpoints.map(async (endpoint) => {
      const node = rpcSenderEndpoint(endpointClient, endpoint);
      // The height first, as the sender's steps read it.
      const height = await node.height();
      const found = height === null ? null : await node.lookUp(hash);
      const verdict =
        found && height !== null ? verdictOf({ ...found, height }, validUntilBlock) : null;
      return verdict ? [{ endpoint, verdict }] : [];
    });
    return decideQuorum((await Promise.all(votes)).flat(), { required: 2, keyOf: verdictKey });
  };
  const hashOf = (text: string): Hash256 => {
    const hash = parseHash256(text);
    if (hash === null) throw new Error('a hash');
    return hash;
  };
  const both = [validator.rpcUrl, follower.rpcUrl];

  test('two nodes decide inclusion, and absence once the window has passed', async () => {
    const payer = await openAccount('contracts-sightings', { gas: 10n, neo: 0n });
    const { hash } = await execute(
      rpc,
      payer,
      callProbe('emit', { type: 'String', value: 'a' }, { type: 'Integer', value: 1n }),
    );
    const height = await waitForHeight(0);
    await waitForHeight(height + 1);
    expect(await verdicts(both, hashOf(hash), height + 100)).toMatchObject({
      kind: 'decided',
      votes: 2,
      verdict: { kind: 'included', vmState: 'HALT' },
    });
    const never = hashOf(`0x${'cd'.repeat(32)}`);
    expect(await verdicts(both, never, height + 1_000)).toEqual({ kind: 'pending', votes: 0 });
    expect(await verdicts(both, never, height - 1)).toMatchObject({ verdict: { kind: 'expired' } });
  });

  test('a node that lies disputes, and a node that is behind is no vote', async () => {
    const payer = await openAccount('contracts-liars', { gas: 10n, neo: 0n });
    const before = await waitForHeight(0);
    const { hash } = await execute(
      rpc,
      payer,
      callProbe('emit', { type: 'String', value: 'a' }, { type: 'Integer', value: 1n }),
    );
    await waitForHeight((await waitForHeight(0)) + 1);
    const proxy = await openFaultyEndpoint();
    const urls = [validator.rpcUrl, proxy.url];
    proxy.set({ frozenHeight: before });
    expect(await verdicts(urls, hashOf(hash), before + 100)).toMatchObject({
      kind: 'pending',
      votes: 1,
    });
    const log = await rpc.call('getapplicationlog', [hash]);
    const faulted = JSON.parse(JSON.stringify(log).replace('"HALT"', '"FAULT"'));
    proxy.set({ results: { getapplicationlog: faulted } });
    expect(await verdicts(urls, hashOf(hash), before + 100)).toMatchObject({ kind: 'disputed' });
  });
});
