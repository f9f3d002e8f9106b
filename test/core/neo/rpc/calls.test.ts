/** Every call against the answers of a live neo-go 0.122.0, and against answers that are wrong. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseAddress } from '../../../../worker/core/neo/address.ts';
import { type Hash256, parseHash256 } from '../../../../worker/core/neo/hash256.ts';
import type { RpcCall } from '../../../../worker/core/neo/rpc/call.ts';
import {
  getBlockCount,
  getBlockHash,
  getBlockStamp,
} from '../../../../worker/core/neo/rpc/chain-calls.ts';
import {
  invokeScript,
  terminateSession,
  traverseIterator,
} from '../../../../worker/core/neo/rpc/invocation-calls.ts';
import { getVersion } from '../../../../worker/core/neo/rpc/protocol-settings.ts';
import { findStorage, getNep17Balances } from '../../../../worker/core/neo/rpc/state-calls.ts';
import {
  calculateNetworkFee,
  getApplicationLog,
  getRawMempool,
  getTransaction,
  getTransactionHeight,
  sendRawTransaction,
} from '../../../../worker/core/neo/rpc/transaction-calls.ts';
import { parseScriptHash } from '../../../../worker/core/neo/script-hash.ts';
import { parseBase64Transaction } from '../../../../worker/core/neo/transaction/transaction.ts';

interface Sample {
  readonly request: { readonly params: readonly unknown[] };
  readonly response: { readonly result: unknown };
}
const place = join(
  import.meta.dirname,
  '../../../../../shared/vectors/neo/rpc-samples/live-neo-go-0.122.json',
);
// The file's own form; a wrong one fails the tests that read it.
const samples = existsSync(place)
  ? (JSON.parse(readFileSync(place, 'utf8')) as Readonly<Record<string, Sample>>)
  : undefined;
if (!samples) console.info('The captured answers of neo-go are absent: those tests are skipped.');

const sample = (name: string): Sample => {
  const found = samples?.[name];
  if (!found) throw new Error(`no sample ${name}`);
  return found;
};
const hash = (text: unknown): Hash256 => {
  const parsed = parseHash256(String(text));
  if (parsed === null) throw new Error('not a hash');
  return parsed;
};
const transactionOf = ({ request }: Sample) => {
  const decoded = parseBase64Transaction(String(request.params[0]));
  if (!decoded.ok) throw new Error(decoded.malformed.reason);
  return decoded.value;
};
/** What the call makes of the sample's answer; the sample must be of the same question. */
function readSample<Value>(call: RpcCall<Value>, name: string): Value {
  const parsed = call.parse(sample(name).response.result);
  if (!parsed.ok)
    throw new Error(`${name}: ${parsed.misshapen.pointer} ${parsed.misshapen.reason}`);
  return parsed.value;
}

describe.skipIf(!samples)('calls, read from a live node', () => {
  it('getversion gives every setting that differs between networks', () => {
    const version = readSample(getVersion(), 'variant-getversion');
    expect(version).toMatchObject({
      userAgent: '/NEO-GO:0.122.0/',
      sessionsEnabled: false,
      protocol: {
        magic: 56_753,
        addressVersion: 53,
        msPerBlock: 3_000,
        validatorsCount: 1,
        maxValidUntilBlockIncrement: 5_760,
      },
    });
    expect(version.protocol.hardforks.get('Gorgon')).toBe(0);
  });

  it('getrawtransaction tells a pooled transaction from an included one', () => {
    const pooled = sample('getrawtransaction-mempool-verbose');
    const call = getTransaction(hash(pooled.request.params[0]));
    expect(call.params).toEqual([pooled.request.params[0], true]);
    expect(readSample(call, 'getrawtransaction-mempool-verbose').inclusion).toBeNull();
    expect(readSample(call, 'getrawtransaction-onchain-verbose').inclusion).toEqual({
      blockHash: '0xd17853cb1e71282095e031704258277ac9b1428f591b07ab24e2d1bd37a605ab',
      confirmations: 1,
      blockTimeMs: 1_795_262_119_175,
      vmState: 'HALT',
    });
    expect(
      readSample(getTransactionHeight(hash(call.params[0])), 'gettransactionheight-onchain'),
    ).toBe(89);
  });

  it('sendrawtransaction and calculatenetworkfee send exactly the bytes of the wallet', () => {
    const sent = sample('ok-send');
    const call = sendRawTransaction(transactionOf(sent));
    expect(call.params).toEqual(sent.request.params);
    expect(readSample(call, 'ok-send')).toMatch(/^0x7d146949/);
    const fee = calculateNetworkFee(transactionOf(sample('calc-fully-signed')));
    expect(readSample(fee, 'calc-fully-signed')).toBe(1_228_520n);
    expect(readSample(getRawMempool(), 'getrawmempool')).toHaveLength(1);
  });

  it('takes no answer about something else than what was asked for', () => {
    const other = hash(`0x${'ab'.repeat(32)}`);
    const wrong: readonly (readonly [RpcCall<unknown>, string])[] = [
      [getTransaction(other), 'getrawtransaction-onchain-verbose'],
      [getApplicationLog(other), 'getapplicationlog-halt'],
      [getBlockStamp(90), 'getblockheader-verbose'],
      [getBlockStamp(other), 'getblockheader-verbose'],
      [sendRawTransaction(transactionOf(sample('calc-fully-signed'))), 'ok-send'],
      [invokeScript({ script: Uint8Array.of(0x40) }), 'invokescript-verbose'],
    ];
    for (const [call, name] of wrong)
      expect(call.parse(sample(name).response.result).ok, `${call.method} ${name}`).toBe(false);
    expect(readSample(getBlockStamp(89), 'getblockheader-verbose').timeMs).toBe(1_795_262_119_175);
    expect(
      readSample(
        getApplicationLog(hash(sample('getapplicationlog-halt').request.params[0])),
        'getapplicationlog-halt',
      ).kind,
    ).toBe('transaction');
  });

  it('iterators are read in batches until an empty one', () => {
    const at = { session: 's', iterator: 'i' };
    expect(traverseIterator(at).params).toEqual(['s', 'i', 100]);
    expect(readSample(traverseIterator(at), 'traverseiterator-1')).toHaveLength(1);
    expect(readSample(traverseIterator(at), 'traverseiterator-end')).toEqual([]);
    expect(readSample(terminateSession('s'), 'terminatesession')).toBe(true);
  });

  it('getnep17balances gives amounts without loss, of the account asked about', () => {
    const account = parseAddress('NdypBhqkz2CMMnwxBgvoC9X2XjKF5axgKo');
    const stranger = parseAddress('NMUedC8TSV2rE17wGguSvPk9XcmHSaT275');
    if (!account || !stranger) throw new Error('addresses');
    const [gas] = readSample(getNep17Balances(account), 'getnep17balances-B');
    expect(gas).toMatchObject({ amount: 9_999_211_640_016n, decimals: 8, symbol: 'GAS' });
    const answer = sample('getnep17balances-B').response.result;
    expect(getNep17Balances(stranger).parse(answer).ok).toBe(false);
  });
});

describe('calls, read from a node that answers wrongly', () => {
  const contract = parseScriptHash(`0x${'cd'.repeat(20)}`);
  if (!contract) throw new Error('a hash');
  const calls: readonly RpcCall<unknown>[] = [
    getVersion(),
    getBlockCount(),
    getBlockHash(1),
    getBlockStamp(1),
    getTransaction(hash(`0x${'ab'.repeat(32)}`)),
    getApplicationLog(hash(`0x${'ab'.repeat(32)}`)),
    getRawMempool(),
    getNep17Balances(contract),
    findStorage({ contract, prefix: Uint8Array.of(7), start: 0 }),
    invokeScript({ script: Uint8Array.of(0x40) }),
  ];
  const wrong: readonly unknown[] = [
    null,
    'text',
    -1,
    1.5,
    2 ** 40,
    {},
    [{}],
    { protocol: null, useragent: 7 },
    { balance: [{ amount: 7 }], address: 'x' },
    { executions: {}, txid: 1 },
    { results: [], truncated: true, next: 0 },
  ];

  it('end as a refusal that names the place, and never throw', () => {
    for (const call of calls)
      for (const result of wrong) expect(call.parse(result).ok, call.method).toBe(false);
  });

  it('does not follow pages that do not move on', () => {
    const page = (next: number) =>
      findStorage({ contract, prefix: Uint8Array.of(7), start: 5 }).parse({
        results: [],
        truncated: true,
        next,
      }).ok;
    expect([page(5), page(4), page(6)]).toEqual([false, false, true]);
  });
});
