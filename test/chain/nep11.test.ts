/** The readers and calls of non-fungible tokens, on a token that neo-go's compiler made. */
import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { NamedAccount } from '../../scripts/devnet/accounts.ts';
import { isObject } from '../../scripts/devnet/rpc.ts';
import { execute } from '../../scripts/devnet/transactions.ts';
import { nep11 } from '../../worker/chain/contracts/nep11.ts';
import {
  type ContractReading,
  type IteratorReading,
  type Read,
  read,
  readIterator,
} from '../../worker/chain/invoker.ts';
import { encodeAddress } from '../../worker/core/neo/address.ts';
import { CALL_FLAGS } from '../../worker/core/neo/call-flags.ts';
import { encodeCalls } from '../../worker/core/neo/contract-calls.ts';
import { encodeHex } from '../../worker/core/neo/hex.ts';
import { getContractState } from '../../worker/core/neo/rpc/state-calls.ts';
import { encodeScriptHash, type ScriptHash } from '../../worker/core/neo/script-hash.ts';
import type { ContractCall, StackArgument } from '../../worker/core/neo/stack-argument.ts';
import { asUtf8 } from '../../worker/core/neo/vm/stack-item-values.ts';
import { badge, openAccount, probe, rpc, validator } from './support/devnet.ts';
import { openClient } from './support/rpc-client.ts';

const client = openClient([validator.rpcUrl]);
const token = nep11(badge);
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const toBase64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

const valueIn = <Value>(answer: Read<Value>): Value => {
  if (answer.kind !== 'value') throw new Error(JSON.stringify(answer));
  return answer.value;
};
const valueOf = async <Value>(one: ContractReading<Value>) => valueIn(await read(client, one));
const listOf = async (one: IteratorReading<Uint8Array>) =>
  valueIn(await readIterator(client, one, 1_000)).map((id) => new TextDecoder().decode(id));

/** A repeated test has ids and accounts of its own. */
const fresh = (name: string): string => `${name}-${randomBytes(4).toString('hex')}`;
const openOwner = (): Promise<NamedAccount> => openAccount(fresh('badge'), { gas: 50n, neo: 0n });

const mint = (to: ScriptHash, id: string): ContractCall => {
  const args: readonly StackArgument[] = [
    { type: 'Hash160', value: to },
    { type: 'ByteArray', value: bytesOf(id) },
  ];
  return { contract: badge, method: 'mint', args, flags: CALL_FLAGS.All, result: 'kept' };
};

async function mintFor(owner: NamedAccount, ids: readonly string[]): Promise<void> {
  await execute(rpc, owner, encodeCalls(ids.map((id) => mint(owner.scriptHash, id))));
}

describe('a token that is not divisible', () => {
  test('says what it is, and its manifest the standard', async () => {
    await mintFor(await openOwner(), [fresh('supply')]);
    expect(await valueOf(token.symbol())).toBe('BADGE');
    expect(await valueOf(token.decimals())).toBe(0);
    expect(await valueOf(token.totalSupply())).toBeGreaterThan(0n);
    const state = await client.ask(getContractState(badge));
    expect(state).toMatchObject({ value: { manifest: { supportedStandards: ['NEP-11'] } } });
  });

  test('lists what an account owns and all there is, and tells owner and properties', async () => {
    const owner = await openOwner();
    const ids = [fresh('a'), fresh('b')];
    await mintFor(owner, ids);
    expect(await valueOf(token.balanceOf(owner.scriptHash))).toBe(2n);
    expect(await listOf(token.tokensOf(owner.scriptHash))).toEqual(ids);
    expect(await listOf(token.tokens())).toEqual(expect.arrayContaining(ids));
    const [tokenId = new Uint8Array()] = ids.map(bytesOf);
    expect(await valueOf(token.ownerOf(tokenId))).toBe(owner.scriptHash);
    const [property, ...others] = await valueOf(token.properties(tokenId));
    expect(others).toEqual([]);
    const texts = [property?.key, property?.value].map((item) => item && asUtf8(item));
    expect(texts).toEqual(['name', `Badge ${ids[0]}`]);
  });

  test('is read beyond what a node gives at once, up to the count asked for', async () => {
    const owner = await openOwner();
    const tag = fresh('c');
    const ids = Array.from({ length: 120 }, (_, at) => `${tag}-${String(at).padStart(3, '0')}`);
    for (const part of [ids.slice(0, 60), ids.slice(60)]) await mintFor(owner, part);
    expect(await listOf(token.tokensOf(owner.scriptHash))).toEqual(ids);
    expect(valueIn(await readIterator(client, token.tokensOf(owner.scriptHash), 7))).toHaveLength(
      7,
    );
  });

  test('moves to another owner, as the node sees it too', async () => {
    const [owner, friend] = [await openOwner(), await openOwner()];
    const id = fresh('moving');
    const tokenId = bytesOf(id);
    await mintFor(owner, [id]);
    const moving = token.transfer({ to: friend.scriptHash, tokenId });
    const { hash } = await execute(rpc, owner, encodeCalls([moving]));
    expect(await valueOf(token.ownerOf(tokenId))).toBe(friend.scriptHash);
    expect(await listOf(token.tokensOf(owner.scriptHash))).toEqual([]);
    expect(await valueOf(token.balanceOf(friend.scriptHash))).toBe(1n);
    const held = await rpc.call('getnep11balances', [encodeAddress(friend.scriptHash)]);
    expect(held).toMatchObject({
      balance: [{ assethash: badge, tokens: [{ tokenid: encodeHex(tokenId) }] }],
    });
    const hashes = [owner, friend].map(({ scriptHash }) => encodeScriptHash(scriptHash));
    expect(await transfersIn(hash)).toEqual([[...hashes.map(toBase64), '1', toBase64(tokenId)]]);
  });
});

describe('what would move nothing', () => {
  test('faults: a transfer that answers false is asserted', async () => {
    const [owner, thief] = [await openOwner(), await openOwner()];
    const id = fresh('wanted');
    const tokenId = bytesOf(id);
    await mintFor(owner, [id]);
    const stolen = token.transfer({ to: thief.scriptHash, tokenId });
    await expect(execute(rpc, thief, encodeCalls([stolen]))).rejects.toThrow('ASSERT');
    expect(await valueOf(token.ownerOf(tokenId))).toBe(owner.scriptHash);
  });

  test('faults: a contract that takes no badges gets none', async () => {
    const owner = await openOwner();
    const id = fresh('lost');
    const tokenId = bytesOf(id);
    await mintFor(owner, [id]);
    const lost = token.transfer({ to: probe, tokenId });
    await expect(execute(rpc, owner, encodeCalls([lost]))).rejects.toThrow('onNEP11Payment');
    expect(await valueOf(token.ownerOf(tokenId))).toBe(owner.scriptHash);
  });

  test('faults: an id is minted once, and for who signs', async () => {
    const [owner, stranger] = [await openOwner(), await openOwner()];
    const id = fresh('once');
    await mintFor(owner, [id]);
    await expect(mintFor(owner, [id])).rejects.toThrow('the id is taken');
    const foreign = encodeCalls([mint(owner.scriptHash, fresh('foreign'))]);
    await expect(execute(rpc, stranger, foreign)).rejects.toThrow('not witnessed');
  });
});

describe('what a token is not', () => {
  test('readers of divisible tokens are told that this one is none', async () => {
    const owner = await openOwner();
    const id = fresh('whole');
    const tokenId = bytesOf(id);
    await mintFor(owner, [id]);
    const owners = await readIterator(client, token.divisible.owners(tokenId), 10);
    expect(owners).toEqual({ kind: 'other answer' });
    const share = token.divisible.balanceOf(owner.scriptHash, tokenId);
    expect(await read(client, share)).toMatchObject({ kind: 'fault' });
    const { scriptHash } = owner;
    const half = { from: scriptHash, to: scriptHash, amount: 1n, tokenId };
    const moving = encodeCalls([token.divisible.transfer(half)]);
    await expect(execute(rpc, owner, moving)).rejects.toThrow('not found');
  });

  test('a badge that is not there has no owner and no properties', async () => {
    const tokenId = bytesOf(fresh('none'));
    const fault = { kind: 'fault', exception: expect.stringContaining('no such badge') };
    expect(await read(client, token.ownerOf(tokenId))).toMatchObject(fault);
    expect(await read(client, token.properties(tokenId))).toMatchObject(fault);
  });
});

/** Values of the badge's events in one transaction. */
async function transfersIn(hash: string): Promise<readonly unknown[]> {
  const log = await rpc.call('getapplicationlog', [hash]);
  const [run] = fieldOf(log, 'executions');
  return fieldOf(run, 'notifications').map((raised) => {
    expect(raised).toMatchObject({ contract: badge, eventname: 'Transfer' });
    const state = isObject(raised) ? raised.state : undefined;
    return fieldOf(state, 'value').map((item) => (isObject(item) ? item.value : undefined));
  });
}

function fieldOf(value: unknown, name: string): readonly unknown[] {
  const list: unknown = isObject(value) ? value[name] : undefined;
  return Array.isArray(list) ? list : [];
}
