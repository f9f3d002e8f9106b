/**
 * Headers round-trip and have another hash with any other field; headers and blocks of any content
 * are refused by name; a merkle root binds its hashes and their order. SEED repeats a run.
 */
import { base64 } from '@scure/base';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeAddress } from '../../worker/core/neo/address.ts';
import { decodeBlock, parseBlock, parseBlockContents } from '../../worker/core/neo/block/block.ts';
import {
  decodeHeader,
  encodeHeader,
  type Header,
  hashHeader,
  parseHeader,
} from '../../worker/core/neo/block/header.ts';
import { faultOfHeader, toVerifiedBlock } from '../../worker/core/neo/block/header-witness.ts';
import { merkleRootOf } from '../../worker/core/neo/block/merkle.ts';
import { decodeHash256 } from '../../worker/core/neo/hash256.ts';
import { decodeScriptHash } from '../../worker/core/neo/script-hash.ts';
import { runsOf } from '../support/runs.ts';

const { seed, numRuns } = runsOf('neo-header', { usual: 1_500, slow: 10_000 });

const hash = fc.uint8Array({ minLength: 32, maxLength: 32 }).map(decodeHash256);
const script = fc.uint8Array({ maxLength: 200 });
const header: fc.Arbitrary<Header> = fc.record({
  previousHash: hash,
  merkleRoot: hash,
  timeMs: fc.maxSafeNat(),
  nonce: fc.bigInt(0n, 2n ** 64n - 1n),
  index: fc.nat(0xffff_ffff),
  primary: fc.nat(255),
  nextConsensus: fc.uint8Array({ minLength: 20, maxLength: 20 }).map(decodeScriptHash),
  witness: fc.record({ invocation: script, verification: script }),
});

/** As a node writes it. */
const toJson = (given: Header) => ({
  hash: hashHeader(given),
  version: 0,
  previousblockhash: given.previousHash,
  merkleroot: given.merkleRoot,
  time: given.timeMs,
  nonce: given.nonce.toString(16).padStart(16, '0').toUpperCase(),
  index: given.index,
  primary: given.primary,
  nextconsensus: encodeAddress(given.nextConsensus),
  witnesses: [
    {
      invocation: base64.encode(given.witness.invocation),
      verification: base64.encode(given.witness.verification),
    },
  ],
});

describe('a header', () => {
  it('is read from its bytes and from its JSON', () => {
    fc.assert(
      fc.property(header, (given) => {
        expect(decodeHeader(encodeHeader(given))).toEqual({ ok: true, value: given });
        expect(parseHeader(toJson(given))).toEqual({ ok: true, value: given });
      }),
      { seed, numRuns },
    );
  });

  it('has another hash with any other field, but for its witness', () => {
    fc.assert(
      fc.property(header, header, (one, two) => {
        const signedByOthers: Header = { ...one, witness: two.witness };
        expect(hashHeader(signedByOthers)).toBe(hashHeader(one));
        for (const name of ['previousHash', 'merkleRoot', 'timeMs', 'nonce', 'index'] as const)
          if (one[name] !== two[name])
            expect(hashHeader({ ...one, [name]: two[name] })).not.toBe(hashHeader(one));
      }),
      { seed, numRuns },
    );
  });

  it('signed by nobody is never the next one', () => {
    fc.assert(
      fc.property(header, header, (before, given) => {
        const next = { ...given, index: before.index + 1, previousHash: hashHeader(before) };
        const check = { header: next, previous: toVerifiedBlock(before), networkMagic: 1 };
        expect(faultOfHeader(check)).not.toBeNull();
      }),
      { seed, numRuns },
    );
  });

  it('is refused by name when any value of its JSON is replaced', () => {
    fc.assert(
      fc.property(header, fc.nat(), fc.jsonValue(), (given, at, odd) => {
        const entries = Object.entries(toJson(given));
        const [name] = entries[at % entries.length] ?? ['hash'];
        const altered = { ...toJson(given), [name]: odd };
        const read = parseHeader(altered);
        if (read.ok) expect(toJson(read.value).hash).toBe(toJson(given).hash);
        expect(parseBlock(altered).ok).toBe(false);
        expect(parseBlockContents({ ...altered, tx: odd }).ok).toBe(false);
      }),
      { seed, numRuns },
    );
  });
});

describe('bytes of any content', () => {
  it('are no header and no block', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        const read = decodeHeader(bytes);
        if (read.ok) expect(encodeHeader(read.value)).toEqual(bytes);
        expect(typeof decodeBlock(bytes).ok).toBe('boolean');
      }),
      { seed, numRuns },
    );
  });

  it('are no header of an altered one, at whatever byte it is cut or altered', () => {
    fc.assert(
      fc.property(header, fc.nat(), fc.nat(255), (given, at, byte) => {
        const bytes = encodeHeader(given);
        const index = at % bytes.length;
        expect(decodeHeader(bytes.slice(0, index)).ok).toBe(false);
        bytes[index] = byte;
        const read = decodeHeader(bytes);
        if (read.ok) expect(decodeHeader(encodeHeader(read.value))).toEqual(read);
      }),
      { seed, numRuns },
    );
  });
});

describe('a merkle root', () => {
  it('is another for any other list of different hashes', () => {
    const lists = fc.uniqueArray(hash, { maxLength: 20 });
    fc.assert(
      fc.property(lists, lists, (one, two) => {
        if (one.join() === two.join()) return;
        expect(merkleRootOf(one)).not.toBe(merkleRootOf(two));
      }),
      { seed, numRuns },
    );
  });

  it('does not exist when a hash stands twice', () => {
    fc.assert(
      fc.property(fc.uniqueArray(hash, { minLength: 1, maxLength: 9 }), fc.nat(), (list, at) => {
        const repeated = list[at % list.length];
        expect(merkleRootOf(repeated === undefined ? [] : [...list, repeated])).toBeNull();
      }),
      { seed, numRuns },
    );
  });
});
