/** M12: the record on chain says one thing in one form, and runs nothing. */

import { utf8ToBytes } from '@noble/hashes/utils.js';
import { describe, expect, it } from 'vitest';
import { AMOUNT_MAX } from '../../../worker/core/money.ts';
import { encodeHex } from '../../../worker/core/neo/hex.ts';
import { OPCODES } from '../../../worker/core/neo/opcode.ts';
import { decodeAnchorScript, encodeAnchorScript } from '../../../worker/core/proofs/anchor.ts';
import { anchorOf, type Statement } from '../../../worker/core/proofs/statement.ts';

const anchor = { magic: 56_753, height: 1_234, root: '5e'.repeat(32), sum: 1_200_000_001n };
const script = encodeAnchorScript(anchor);

describe('M12: an anchor', () => {
  it('is one push and a DROP, and the record has the written form', () => {
    const label = encodeHex(utf8ToBytes('neo-service-layer/tree-anchor/v1\0'));
    expect(encodeHex(script)).toBe(
      `0c51${label}0000ddb1000004d2${'5e'.repeat(32)}0000000047868c0145`,
    );
    expect(script.at(-1)).toBe(OPCODES.DROP);
  });

  it('is read as it was written, at both ends of every range', () => {
    for (const one of [
      anchor,
      { magic: 0, height: 0, root: '00'.repeat(32), sum: 0n },
      { magic: 0xffff_ffff, height: 0xffff_ffff, root: 'ff'.repeat(32), sum: AMOUNT_MAX },
    ])
      expect(decodeAnchorScript(encodeAnchorScript(one))).toEqual(one);
  });

  it('is read from no other script, whatever stands in place of any byte of its frame', () => {
    const frame = [...script.keys()].filter((at) => at < 2 + 33 || at === script.length - 1);
    for (const at of frame) {
      const other = Uint8Array.from(script);
      other[at] = (other[at] ?? 0) ^ 1;
      expect(decodeAnchorScript(other), `byte ${String(at)}`).toBeNull();
    }
  });

  it('is read from nothing shorter, longer or of a sum beyond all GAS', () => {
    const tooMuch = Uint8Array.from(script);
    tooMuch[tooMuch.length - 1 - 8] = 0x80;
    for (const one of [
      new Uint8Array(),
      script.slice(0, -1),
      Uint8Array.from([...script, 0x40]),
      Uint8Array.from([0x21, ...script.slice(0, -1)]),
      tooMuch,
    ])
      expect(decodeAnchorScript(one)).toBeNull();
  });

  it('is of a view of bytes as of the bytes', () => {
    const around = Uint8Array.from([1, 2, 3, ...script, 4]);
    expect(decodeAnchorScript(around.subarray(3, 3 + script.length))).toEqual(anchor);
  });

  it('says of a statement its network, its height, its root and its sum', () => {
    const statement: Statement = {
      formatVersion: 1,
      network: 'neo3:private',
      networkMagic: anchor.magic,
      height: anchor.height,
      cutAt: '2026-11-01T10:00:00.000Z',
      assets: [],
      liabilities: [],
      tree: { root: anchor.root, sum: '12.00000001', leaves: 3 },
    };
    expect(anchorOf(statement)).toEqual(anchor);
    for (const sum of ['-1', '1.0', 'much'])
      expect(anchorOf({ ...statement, tree: { ...statement.tree, sum } })).toBeNull();
  });
});
