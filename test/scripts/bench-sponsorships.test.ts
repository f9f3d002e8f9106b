/** What the bench of sponsorships measures with, and that nothing refused is counted as speed. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from 'vitest';
import { measureCallers } from '../../scripts/bench/callers.ts';
import { summarize } from '../../scripts/bench/rounds.ts';
import {
  openRecordingDoor,
  type RecordingDoor,
} from '../../scripts/bench/sponsorships/recording-door.ts';
import { sponsorshipSection } from '../../scripts/bench/sponsorships/sponsorship-costs.ts';
import { accountNamed } from '../../scripts/devnet/accounts.ts';
import { witnessOf } from '../../scripts/devnet/transactions.ts';
import {
  hashTransaction,
  toBase64Transaction,
} from '../../worker/core/neo/transaction/transaction.ts';
import { CALLED_BY_ENTRY } from '../../worker/core/neo/transaction/witness-scope.ts';

describe('measureCallers', () => {
  it('lets every caller do it once at least, and waits for all', async () => {
    const acts: number[] = [];
    const timing = await measureCallers(
      async (caller) => {
        acts.push(caller);
        return 7;
      },
      { callers: 3, seconds: 0 },
    );
    expect(new Set(acts)).toEqual(new Set([0, 1, 2]));
    expect(timing).toMatchObject({ p50Ms: 7, p99Ms: 7 });
  });

  it('fails when one caller is refused', async () => {
    const act = async (caller: number): Promise<number> => {
      if (caller === 1) throw new Error('answered 503');
      return 1;
    };
    await expect(measureCallers(act, { callers: 2, seconds: 0 })).rejects.toThrow('answered 503');
  });
});

describe('the recording door', () => {
  let server: Server | undefined;
  let door: RecordingDoor | undefined;

  afterEach(async () => {
    await door?.stop();
    server?.closeAllConnections();
    server?.close();
  });

  const sender = accountNamed('bench-door');
  const unsigned = {
    nonce: 1,
    systemFee: 0n,
    networkFee: 0n,
    validUntilBlock: 1,
    signers: [{ account: sender.scriptHash, scopes: CALLED_BY_ENTRY }],
    attributes: [],
    script: Uint8Array.of(0x40),
  };
  const signed = toBase64Transaction({ ...unsigned, witnesses: [witnessOf(sender, unsigned)] });
  const hash = hashTransaction(unsigned);
  const broadcast = JSON.stringify({
    jsonrpc: '2.0',
    id: 1,
    method: 'sendrawtransaction',
    params: [signed],
  });

  /** A node that tells what it was asked, or the answer that is given. */
  async function open(answer?: object): Promise<RecordingDoor> {
    const node = createServer((request, response) => {
      void buffer(request).then((body) => {
        response.end(answer === undefined ? body : JSON.stringify(answer));
      });
    });
    server = node;
    await new Promise<void>((resolve) => node.listen(0, '127.0.0.1', resolve));
    // A TCP server that listens has an address with a port.
    const { port } = node.address() as AddressInfo;
    door = await openRecordingDoor(`http://127.0.0.1:${String(port)}`);
    return door;
  }

  const post = async ({ url }: RecordingDoor, body: string) =>
    (await fetch(url, { method: 'POST', body })).text();

  it('hands everything else through as it is, a batch too', async () => {
    const body = '[{"id":1,"method":"getblockcount","params":[ ]}]';
    expect(await post(await open(), body)).toBe(body);
  });

  it('tells when a transaction was handed over, before and after it was', async () => {
    const opened = await open({ jsonrpc: '2.0', id: 1, result: { hash } });
    const awaited = opened.handedAt(hash);
    const before = performance.now();
    expect(JSON.parse(await post(opened, broadcast))).toMatchObject({ result: { hash } });
    const at = await awaited;
    expect(at).toBeGreaterThanOrEqual(before);
    expect(at).toBeLessThanOrEqual(performance.now());
    await post(opened, broadcast);
    expect(await opened.handedAt(hash)).toBe(at);
  });

  it('does not take a refused transaction for a broadcast one', async () => {
    const opened = await open({
      jsonrpc: '2.0',
      id: 1,
      error: { code: -511, message: 'no funds' },
    });
    await post(opened, broadcast);
    await expect(opened.handedAt(hash)).rejects.toThrow('no funds');
  });
});

describe('the part of the page', () => {
  const timing = (p50Ms: number) => ({ requestsPerSecond: 10, p50Ms, p99Ms: 3 * p50Ms });

  it('tells the ratio of medians and of the 99th percentiles, for each number of callers', () => {
    const compared = summarize([timing(60)], [timing(10)]);
    const page = sponsorshipSection({ kind: 'measured', steps: [{ callers: 16, compared }] });
    expect(page).toContain('| 16 | 6.00 (6.00–6.00) | 6.00 (6.00–6.00) | 60.0 | 10.0 | 180.0 |');
  });

  it('says why nothing was measured', () => {
    const page = sponsorshipSection({ kind: 'left out', reason: 'there is no Go' });
    expect(page).toContain('Left out: there is no Go.');
  });
});
