/**
 * The error table on a live neo-go, and what the typed calls make of sound answers. What a node
 * says by its settings is in rpc-frugal-node.test.ts. neo-go never says -600, -603 to -605 and -300
 * to -304 to what can be asked without its own oracle role or wallet; the C# node does.
 */
import { describe, expect, test } from 'vitest';
import { accountNamed, genesisAccount } from '../../scripts/devnet/accounts.ts';
import { decodeBlock } from '../../worker/core/neo/block/block.ts';
import type { Hash256 } from '../../worker/core/neo/hash256.ts';
import { parseHash256 } from '../../worker/core/neo/hash256.ts';
import { NATIVE_CONTRACTS } from '../../worker/core/neo/native-contracts.ts';
import type { RpcCall } from '../../worker/core/neo/rpc/call.ts';
import {
  getBlock,
  getBlockHeader,
  getBlockStamp,
  getRawBlock,
} from '../../worker/core/neo/rpc/chain-calls.ts';
import type { RpcMeaning } from '../../worker/core/neo/rpc/errors.ts';
import {
  invokeFunction,
  invokeFunctionHistoric,
  invokeScript,
  terminateSession,
  traverseIterator,
} from '../../worker/core/neo/rpc/invocation-calls.ts';
import { getVersion } from '../../worker/core/neo/rpc/protocol-settings.ts';
import {
  findStorage,
  getContractState,
  getNep17Balances,
} from '../../worker/core/neo/rpc/state-calls.ts';
import {
  calculateNetworkFee,
  getApplicationLog,
  getRawMempool,
  getTransaction,
  getTransactionHeight,
} from '../../worker/core/neo/rpc/transaction-calls.ts';
import { parseScriptHash } from '../../worker/core/neo/script-hash.ts';
import { CALLED_BY_ENTRY } from '../../worker/core/neo/transaction/witness-scope.ts';
import { devnet, probe, validator } from './support/devnet.ts';
import { draft, openClient, RETURN, rawCall } from './support/rpc-client.ts';

const client = openClient([validator.rpcUrl]);

function hash(text: string): Hash256 {
  const parsed = parseHash256(text);
  if (parsed === null) throw new Error('a hash');
  return parsed;
}
const UNKNOWN = hash(`0x${'ab'.repeat(32)}`);
const NOBODY = parseScriptHash(`0x${'ab'.repeat(20)}`);
if (!NOBODY) throw new Error('a hash');
const NO_SESSION = '00000000-0000-0000-0000-000000000000';

async function value<Value>(call: RpcCall<Value>): Promise<Value> {
  const answer = await client.ask(call);
  if (answer.kind !== 'value') throw new Error(`${call.method}: ${JSON.stringify(answer)}`);
  return answer.value;
}

describe('the error table', () => {
  test.each<[number, RpcMeaning, RpcCall<unknown>]>([
    [-32_601, 'unknownMethod', rawCall('nosuchmethod')],
    [-32_602, 'badParams', rawCall('getblockhash', 'x')],
    [-101, 'unknownBlock', getBlockStamp(UNKNOWN)],
    [-102, 'unknownContract', getContractState(NOBODY)],
    [-103, 'unknownTransaction', getTransaction(UNKNOWN)],
    [-103, 'unknownTransaction', getTransactionHeight(UNKNOWN)],
    [-104, 'unknownStorageItem', rawCall('getstorage', NATIVE_CONTRACTS.GasToken.hash, 'qqo=')],
    [-105, 'unknownLog', getApplicationLog(UNKNOWN)],
    [-106, 'unknownStateRoot', rawCall('getstateroot', 9_999_999)],
    [-107, 'unknownSession', traverseIterator({ session: NO_SESSION, iterator: NO_SESSION })],
    [-107, 'unknownSession', terminateSession(NO_SESSION)],
    [-109, 'unknownHeight', getBlockStamp(9_999_999)],
    [-602, 'oracleDisabled', rawCall('submitoracleresponse', ...Array(4).fill('qqo='))],
    // A key and one node of a trie, in the form of a proof and of no state that ever was.
    [-607, 'badProof', rawCall('verifyproof', UNKNOWN, 'AaoBAbs=')],
    // Properties of a contract that has none.
    [-608, 'executionFailed', rawCall('getnep11properties', probe, 'aa')],
  ])('%i is %s', async (code, meaning, call) => {
    expect(await client.ask(call)).toMatchObject({ kind: 'refused', error: { code, meaning } });
  });

  test('-108 is an iterator that a session does not have', async () => {
    const args = [{ type: 'ByteArray', value: new Uint8Array() }] as const;
    const run = await value(invokeFunction({ contract: probe, method: 'find', args }));
    const session = run.session ?? '';
    const stray = traverseIterator({ session, iterator: NO_SESSION });
    expect(await client.ask(stray)).toMatchObject({
      kind: 'refused',
      error: { code: -108, meaning: 'unknownIterator' },
    });
    expect(await value(terminateSession(session))).toBe(true);
  });

  test('-512 comes from the fee of a contract that verifies nothing', async () => {
    const unsigned = draft(genesisAccount(), {
      validUntilBlock: 100,
      signers: [{ account: probe, scopes: CALLED_BY_ENTRY }],
    });
    const nothing = new Uint8Array();
    const witnesses = [{ invocation: nothing, verification: nothing }];
    expect(await client.ask(calculateNetworkFee({ ...unsigned, witnesses }))).toMatchObject({
      kind: 'refused',
      error: { code: -512, meaning: 'badVerification' },
    });
  });

  test('an unknown contract, method or instruction is a fault and no error', async () => {
    const runs = [
      invokeFunction({ contract: NOBODY, method: 'symbol', args: [] }),
      invokeFunction({ contract: NATIVE_CONTRACTS.GasToken.hash, method: 'nosuch', args: [] }),
      invokeScript({ script: Uint8Array.of(0xff) }),
    ];
    for (const run of runs) expect(await value(run)).toMatchObject({ vmState: 'FAULT' });
  });

  test('none of it lowered the health of the endpoint', async () => {
    await client.probe();
    expect(client.status()).toMatchObject([{ standing: 'healthy', magic: devnet.magic }]);
  });
});

describe('typed calls', () => {
  test('read the settings of the protocol', async () => {
    const { userAgent, protocol } = await value(getVersion());
    expect(userAgent).toBe(devnet.userAgent);
    expect(protocol).toMatchObject({
      magic: devnet.magic,
      msPerBlock: devnet.blockMs,
      addressVersion: 53,
      validatorsCount: 1,
      maxValidUntilBlockIncrement: 5_760,
    });
    expect(protocol.hardforks.get('Gorgon')).toBe(0);
  });

  test('read a block by index and by hash, as bytes that hash to what was asked for', async () => {
    const genesis = await value(getBlock(0));
    const byHash = await value(getBlock(hash(devnet.checkpoint.hash)));
    expect(byHash).toEqual(genesis);
    expect(await value(getBlockHeader(0))).toEqual(genesis.header);
    expect(decodeBlock(await value(getRawBlock(0)))).toEqual({ ok: true, value: genesis });
    const stamp = await value(getBlockStamp(0));
    expect(stamp).toMatchObject({ index: 0, hash: devnet.checkpoint.hash });
  });

  test('read what is deployed, stored and owned', async () => {
    const state = await value(getContractState(probe));
    expect(state).toMatchObject({ hash: probe, manifest: { name: 'Probe' } });
    const stored = await value(
      findStorage({
        contract: NATIVE_CONTRACTS.NeoToken.hash,
        prefix: Uint8Array.of(20),
        start: 0,
      }),
    );
    expect(stored.items.length).toBeGreaterThan(0);
    const balances = await value(getNep17Balances(genesisAccount().scriptHash));
    expect(balances).toContainEqual(
      expect.objectContaining({
        token: NATIVE_CONTRACTS.GasToken.hash,
        decimals: 8,
        symbol: 'GAS',
      }),
    );
    expect(await value(getNep17Balances(accountNamed('nobody-at-all').scriptHash))).toEqual([]);
    expect(Array.isArray(await value(getRawMempool()))).toBe(true);
  });

  test('read old state', async () => {
    const args = [{ type: 'Hash160', value: genesisAccount().scriptHash }] as const;
    const run = { contract: NATIVE_CONTRACTS.GasToken.hash, method: 'balanceOf', args };
    const then = await value(invokeFunctionHistoric(run, 1));
    expect(then.stack).toEqual([{ type: 'Integer', value: expect.any(BigInt) }]);
  });

  test('compute the fee of a transaction whose witness has no signature yet', async () => {
    const genesis = genesisAccount();
    const unsigned = draft(genesis, { validUntilBlock: 100, script: RETURN });
    const witnesses = [{ invocation: new Uint8Array(), verification: genesis.verification }];
    expect(await value(calculateNetworkFee({ ...unsigned, witnesses }))).toBeGreaterThan(983_580n);
  });
});
