/**
 * NEF files against checksums that the C# node and its compiler made: nine native contracts and one
 * compiled contract of the documented answers.
 */
import { describe, expect, it } from 'vitest';
import {
  parseContractState,
  parseContractStates,
} from '../../../../worker/core/neo/contract/contract-state.ts';
import {
  checksumOfNef,
  decodeNef,
  encodeNef,
  faultOfNef,
  type Nef,
} from '../../../../worker/core/neo/contract/nef.ts';
import { parseScriptHash } from '../../../../worker/core/neo/script-hash.ts';
import { documentedResults } from '../vm/vectors.ts';

const natives = documentedResults('getnativecontracts');
const [deployed] = documentedResults('getcontractstate');

const contract = parseScriptHash('0xfffdc93764dbaddd97c48f252a53ea4643faa3fd');
if (contract === null) throw new Error('ContractManagement has a script hash');
const token = {
  contract,
  method: 'update',
  parameterCount: 3,
  hasReturnValue: false,
  callFlags: 15,
};
const nef: Nef = {
  compiler: 'neo-go-0.122.0',
  source: 'https://example.com/source',
  tokens: [token],
  script: Uint8Array.of(0x11, 0x40),
};
const bytes = encodeNef(nef);

/** The file with some bytes replaced and the checksum of NEF-16 made anew. */
function altered(at: number, ...given: readonly number[]): Uint8Array {
  const copy = bytes.slice();
  copy.set(given, at);
  return copy;
}

describe('the checksum of a NEF file', () => {
  it.skipIf(natives.length === 0)('is that of every native contract', () => {
    for (const list of natives) {
      const read = parseContractStates(list);
      expect(read).toMatchObject({ ok: true, value: { length: 9 } });
    }
  });

  it.skipIf(!deployed)(
    'is that of a compiled contract with tokens, under its true compiler',
    () => {
      // The page shows another version of the compiler than the one that made the checksum.
      expect(parseContractState(deployed)).toMatchObject({
        ok: false,
        misshapen: { pointer: '/nef/checksum' },
      });
      const corrected: unknown = JSON.parse(
        JSON.stringify(deployed).replace('Neo.Compiler.CSharp 3.1.0', 'Neo.Compiler.CSharp 3.0.3'),
      );
      const read = parseContractState(corrected);
      if (!read.ok) throw new Error(JSON.stringify(read.misshapen));
      expect(read.value.nef.tokens).toHaveLength(8);
      expect(decodeNef(encodeNef(read.value.nef))).toEqual({ ok: true, value: read.value.nef });
    },
  );
});

describe('a NEF file', () => {
  it('is read as it was written', () => {
    expect(decodeNef(bytes)).toEqual({ ok: true, value: nef });
    expect(new DataView(bytes.buffer).getUint32(bytes.length - 4, true)).toBe(checksumOfNef(nef));
  });

  it('has the layout of NEP-16', () => {
    const text = Buffer.from(bytes).toString('latin1');
    expect(text.slice(0, 18)).toBe('NEF3neo-go-0.122.0');
    expect(text.slice(18, 68)).toBe('\0'.repeat(50));
    // Source, reserved byte, one token, two reserved bytes, script, checksum.
    expect(bytes.length).toBe(68 + 27 + 1 + 1 + (20 + 7 + 2 + 1 + 1) + 2 + 3 + 4);
  });

  it.each([
    ['another magic', altered(0, 0x4f), 'not a NEF file'],
    ['a zero byte within the compiler', altered(6, 0), 'zero byte'],
    ['a compiler that is not UTF-8', altered(6, 0xff), 'UTF-8'],
    ['a reserved byte in use', altered(95, 1), 'reserved'],
    ['reserved bytes in use', altered(128, 1), 'reserved'],
    ['a token for a method that only the chain calls', altered(118, 0x5f), 'tokens'],
    ['a token with an unknown flag', altered(127, 0x10), 'tokens'],
    ['a token that neither returns nor does not', altered(126, 2), 'neither'],
    ['another script', altered(131, 0x12), 'checksum'],
    ['a byte too many', Uint8Array.from([...bytes, 0]), 'after the end'],
    ['nothing', new Uint8Array(), 'too early'],
    ['more than the VM holds', new Uint8Array(131_071), 'longer'],
  ])('is refused: %s', (_, file, reason) => {
    const read = decodeNef(file);
    expect(read).toMatchObject({ ok: false });
    expect(!read.ok && read.malformed.reason).toContain(reason);
  });

  it('is refused at every length it is cut to', () => {
    for (let length = 0; length < bytes.length; length += 1)
      expect(decodeNef(bytes.slice(0, length)).ok, String(length)).toBe(false);
  });

  it('does not exist for parts beyond their bounds', () => {
    const faults: readonly Nef[] = [
      { ...nef, compiler: 'é'.repeat(33) },
      { ...nef, compiler: 'a\0b' },
      { ...nef, source: 'x'.repeat(257) },
      { ...nef, source: '\ud800' },
      { ...nef, script: new Uint8Array() },
      { ...nef, script: new Uint8Array(131_070) },
      { ...nef, tokens: Array.from({ length: 129 }, () => token) },
      { ...nef, tokens: [{ ...token, method: 'm'.repeat(33) }] },
      { ...nef, tokens: [{ ...token, parameterCount: 65_536 }] },
      { ...nef, tokens: [{ ...token, callFlags: 16 }] },
    ];
    for (const wrong of faults) expect(faultOfNef(wrong)).not.toBeNull();
    expect(faultOfNef(nef)).toBeNull();
    expect(faultOfNef({ ...nef, compiler: 'é'.repeat(32) })).toBeNull();
  });
});
