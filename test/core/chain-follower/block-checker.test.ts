/** Real blocks of a real node, checked as a follower does; the vectors may be absent. */
import { describe, expect, it } from 'vitest';
import { blockChecker } from '../../../worker/chain/follower-steps/block-checker.ts';
import { extractEvents } from '../../../worker/core/chain-follower/extract.ts';
import { encodeBlock, parseBlock } from '../../../worker/core/neo/block/block.ts';
import { hashHeader } from '../../../worker/core/neo/block/header.ts';
import { scriptHashOf } from '../../../worker/core/neo/script-hash.ts';
import { parseApplicationLog } from '../../../worker/core/neo/vm/application-log.ts';
import { readNeoVectors } from '../../support/neo-vectors.ts';
import { CONSENSUS, hashOf, MAGIC } from './model-chain.ts';

type Sample = { readonly response: { readonly result: unknown } };
const samples = readNeoVectors('rpc-samples/live-neo-go-0.122.json') as
  | Readonly<Record<string, Sample>>
  | undefined;
const resultOf = (name: string): unknown => samples?.[name]?.response.result;

function readBlock() {
  const parsed = parseBlock(resultOf('getblock-verbose-with-tx'));
  if (!parsed.ok) throw new Error(parsed.misshapen.reason);
  const { header } = parsed.value;
  const after = {
    height: header.index - 1,
    hash: header.previousHash,
    nextConsensus: scriptHashOf(header.witness.verification),
  };
  return { block: parsed.value, bytes: encodeBlock(parsed.value), after, hash: hashHeader(header) };
}

const logOf = (name: string) => {
  const parsed = parseApplicationLog(resultOf(name));
  if (!parsed.ok) throw new Error(parsed.misshapen.reason);
  return parsed.value;
};

describe.skipIf(samples === undefined)('a block of a real node', () => {
  const checker = blockChecker(MAGIC);

  it('verifies after its predecessor and gives its fees as the log burns them', async () => {
    const { bytes, after, hash } = readBlock();
    const checked = await checker.checkNext(bytes, after);
    if (!checked.ok) throw new Error(checked.reason);
    expect(checked.header).toMatchObject({ height: 89, hash, previousHash: after.hash });
    const logs = {
      block: logOf('getapplicationlog-block'),
      transactions: [logOf('getapplicationlog-halt')],
    };
    const options = { magic: MAGIC, isContradicted: false, contracts: null };
    const extracted = extractEvents(checked.block, logs, options);
    const transaction = checked.block.transactions[0]?.hash ?? '';
    expect(extracted.ok && extracted.events.map(({ id }) => id)).toEqual([
      `${String(MAGIC)}:${transaction}:fee`,
      `${String(MAGIC)}:${hash}:OnPersist:1`,
      `${String(MAGIC)}:${transaction}:0`,
      `${String(MAGIC)}:${hash}:PostPersist:0`,
    ]);
  });

  it('M6: does not verify after another block, another consensus, on another network', async () => {
    const { bytes, after } = readBlock();
    const reasons = await Promise.all([
      checker.checkNext(bytes, { ...after, height: after.height + 1 }),
      checker.checkNext(bytes, { ...after, hash: hashOf('elsewhere') }),
      checker.checkNext(bytes, { ...after, nextConsensus: CONSENSUS }),
      blockChecker(MAGIC + 1).checkNext(bytes, after),
      checker.checkNext(bytes.slice(0, -1), after),
    ]);
    expect(reasons.map((check) => (check.ok ? 'ok' : check.reason))).toEqual([
      'index',
      'previous_hash',
      'consensus',
      'signatures',
      'ends too early',
    ]);
  });

  it('M6: does not verify with one transaction changed under the same header', async () => {
    const { block, after, hash } = readBlock();
    const [first] = block.transactions;
    if (!first) throw new Error('the block has a transaction');
    const transactions = [{ ...first, systemFee: first.systemFee + 1n }];
    const bytes = encodeBlock({ header: block.header, transactions });
    expect(await checker.checkNext(bytes, after)).toMatchObject({ ok: false });
    expect(await checker.checkKnown(bytes, hash)).toMatchObject({ ok: false });
  });

  it('is known by its hash when its logs are read again', async () => {
    const { bytes, hash } = readBlock();
    expect(await checker.checkKnown(bytes, hash)).toMatchObject({ ok: true });
    expect(await checker.checkKnown(bytes, hashOf('another'))).toMatchObject({ ok: false });
  });
});
