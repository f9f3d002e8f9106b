/**
 * Headers and blocks of a live node: their hashes, their roots, and who signed them. The rule under
 * test is M6: from a checkpoint on, no node is believed.
 */
import { p256 } from '@noble/curves/nist.js';
import { describe, expect, it } from 'vitest';
import {
  decodeBlock,
  encodeBlock,
  parseBlock,
  parseBlockContents,
} from '../../../../worker/core/neo/block/block.ts';
import {
  decodeHeader,
  encodeHeader,
  type Header,
  hashHeader,
  parseHeader,
} from '../../../../worker/core/neo/block/header.ts';
import {
  faultOfHeader,
  type HeaderCheck,
  toVerifiedBlock,
} from '../../../../worker/core/neo/block/header-witness.ts';
import { merkleRootOf } from '../../../../worker/core/neo/block/merkle.ts';
import { decodeHash256, type Hash256, parseHash256 } from '../../../../worker/core/neo/hash256.ts';
import {
  decodePrivateKey,
  publicKeyOf,
  signMessage,
} from '../../../../worker/core/neo/private-key.ts';
import { comparePublicKeys } from '../../../../worker/core/neo/public-key.ts';
import { parseScriptHash, scriptHashOf } from '../../../../worker/core/neo/script-hash.ts';
import { encodeSigningMessage } from '../../../../worker/core/neo/transaction/transaction.ts';
import { encodeMultisigScript } from '../../../../worker/core/neo/verification-script.ts';
import { documentedResults, liveEvents, liveResult, liveSamples } from '../vm/vectors.ts';

const absent = Object.keys(liveSamples).length === 0;
const PRIVATE_NETWORK = 56_753;
const liveBlock = liveResult('getblock-verbose-with-tx');
const liveHeader = liveResult('getblockheader-verbose');

function taken<Value>(read: { readonly ok: boolean; readonly value?: Value }): Value {
  if (!read.ok || read.value === undefined) throw new Error(JSON.stringify(read));
  return read.value;
}

const hash = (byte: number): Hash256 => decodeHash256(new Uint8Array(32).fill(byte));

describe('a header of a live node', () => {
  it.skipIf(absent)('has the hash it is shown with, and the size', () => {
    const header = taken(parseHeader(liveHeader));
    expect(hashHeader(header)).toBe(Reflect.get(Object(liveHeader), 'hash'));
    expect(encodeHeader(header)).toHaveLength(220);
    expect(decodeHeader(encodeHeader(header))).toEqual({ ok: true, value: header });
  });

  it.skipIf(absent)('is read from its stream too', () => {
    const events = liveEvents('header_of_added_block');
    expect(events.length).toBeGreaterThan(0);
    for (const event of events) expect(parseHeader(event)).toMatchObject({ ok: true });
  });

  it.skipIf(absent)('is refused when any field that is signed was altered', () => {
    const other = `0x${'ab'.repeat(32)}`;
    for (const changes of [
      { hash: other },
      { previousblockhash: other },
      { merkleroot: other },
      { time: 1 },
      { nonce: 'D27D3E6F9D476B97' },
      { index: 90 },
      { primary: 1 },
      { nextconsensus: 'NMUedC8TSV2rE17wGguSvPk9XcmHSaT275' },
    ])
      expect(parseHeader({ ...Object(liveHeader), ...changes })).toMatchObject({
        ok: false,
        misshapen: { pointer: '/hash' },
      });
  });

  it.skipIf(absent).each([
    ['another version', { version: 1 }, '/version'],
    ['a short nonce', { nonce: 'D2' }, '/nonce'],
    ['a time that a number does not hold', { time: 2 ** 53 }, '/time'],
    ['no witness', { witnesses: [] }, '/witnesses'],
    [
      'two witnesses',
      { witnesses: [0, 1].map(() => ({ invocation: '', verification: '' })) },
      '/witnesses',
    ],
    ['a state root', { previousstateroot: `0x${'00'.repeat(32)}` }, ''],
  ])('is refused with the place: %s', (_, changes, pointer) => {
    expect(parseHeader({ ...Object(liveHeader), ...changes })).toMatchObject({
      ok: false,
      misshapen: { pointer },
    });
  });

  it('is refused as the documented answers show it, which are from before it had a nonce', () => {
    for (const method of ['getblockheader', 'getblock'])
      for (const result of documentedResults(method)) {
        if (typeof result === 'string')
          expect(decodeHeader(Buffer.from(result, 'base64'))).toMatchObject({ ok: false });
        else
          expect(parseHeader(result)).toMatchObject({ misshapen: { reason: 'nonce is missing' } });
      }
  });
});

describe('a block of a live node', () => {
  it.skipIf(absent)('has the transactions of its header, and the size', () => {
    const block = taken(parseBlock(liveBlock));
    expect(block.transactions).toHaveLength(1);
    expect(encodeBlock(block)).toHaveLength(466);
    expect(decodeBlock(encodeBlock(block))).toEqual({ ok: true, value: block });
    expect(taken(parseBlockContents(liveBlock)).transactionHashes).toEqual([
      '0x7d146949a4b3473c3573f769215d4dcb538ae4899f538f3cb9e38b64f565834f',
    ]);
  });

  it.skipIf(absent)('with several transactions has their root, in their order and no other', () => {
    let several = 0;
    for (const event of liveEvents('block_added')) {
      const block = taken(parseBlock(event));
      const { transactionHashes } = taken(parseBlockContents(event));
      if (transactionHashes.length < 2) continue;
      several += 1;
      expect(merkleRootOf(transactionHashes)).toBe(block.header.merkleRoot);
      expect(merkleRootOf(transactionHashes.toReversed())).not.toBe(block.header.merkleRoot);
    }
    expect(several).toBeGreaterThan(0);
  });

  it.skipIf(absent)('is refused when a transaction is left out, added or repeated', () => {
    const [transaction] = Reflect.get(Object(liveBlock), 'tx');
    for (const tx of [[], [transaction, transaction]]) {
      const given = { ...Object(liveBlock), tx };
      expect(parseBlock(given)).toMatchObject({ misshapen: { pointer: '/tx' } });
      expect(parseBlockContents(given)).toMatchObject({ misshapen: { pointer: '/tx' } });
    }
  });
});

/** pkg/crypto/hash/merkle_tree_test.go of neo-go, in display order; the tree of Legacy is the same. */
const ROOTS = [
  {
    block: 'mainnet of Legacy, block 0',
    root: '803ff4abe3ea6533bcc0be574efa02f83ae8fdc651c879056b0d9be336c01bf4',
    hashes: [
      'fb5bd72b2d6792d75dc2f1084ffa9e9f70ca85543c717a6b13d9959b452a57d6',
      'c56f33fc6ecfcd0c225c4ab356fee59390af8560be0e930faebe74a6daff7c9b',
      '602c79718b16e442de58778e148d0b1084e3b2dffd5de6b7b16cee7969282de7',
      '3631f66024ca6f5b033d7e0809eb993443374830025af904fb51b0334f127cda',
    ],
  },
  {
    block: 'mainnet of Legacy, block 4635525, with a level of three',
    root: '42489ad8043a834149cd8e406c90c61411a05a0ca9f8e921b456a00b5d5988d7',
    hashes: [
      'c832ef573136eae2c57a35989d3fb9b3a135d08ffa0faa49d8766f7c1a92ca0f',
      'b8606dfeb126a5963d6674f8dbfb786db7f6c27800167c3eef56ff7110ff0ffc',
      '498a5d58179002dd9db7b23df657ecf7e1b2e8218bd48dda035e5accc664830a',
      '5c350282b448c139adb1f5e3fba0e9326476a38c01ea88876ebc4a882c472d42',
      'cea31cc85e7310183561d4f420026984ba48354516f9274c44b52c7f9a5c6107',
      '744f985dd5ad6f4ad6376376b48552abf7755b2ebc5c6271950714f848d1cc3a',
      '02c5fc225b6ead91f73a7b3ebb19bb30a113baea60f439b654c2811d630a2c48',
      '2b3478e0fa91db3a309caeb4d9739f38233c1c189d6fa7e159e24afce9fae082',
      '4d50693cee3ac2c976c092620834d4da264583cf15a1d11dd65d0e94861d49e0',
      '5f179efae999f8f8086269cedd1fbfaf6e90aadf5369a12737db0fff5905b12e',
      '6ef2237b6c8683f626269027050c45cc4be89042ee99e4e89bfd9d9fbd24da19',
      '6fd5154af55b4a1e4a1a5272e33238b2a2da12a30fa06af4f740d207e54ed495',
    ],
  },
];

describe('a merkle root', () => {
  it('of nothing is zero, and of one hash is that hash', () => {
    expect(merkleRootOf([])).toBe(`0x${'00'.repeat(32)}`);
    expect(merkleRootOf([hash(7)])).toBe(hash(7));
  });

  it.each(ROOTS)('is that of neo-go: $block', ({ root, hashes }) => {
    const parsed = hashes.map((digits) => {
      const each = parseHash256(`0x${digits}`);
      if (each === null) throw new Error('a hash');
      return each;
    });
    expect(merkleRootOf(parsed)).toBe(`0x${root}`);
  });

  it('does not exist for a list that repeats its end, which would have the root of another', () => {
    const [one, two, three] = [hash(1), hash(2), hash(3)];
    expect(merkleRootOf([one, two, three])).not.toBeNull();
    expect(merkleRootOf([one, two, three, three])).toBeNull();
  });
});

describe('M6: headers are signed', () => {
  const keys = [1, 2, 3, 4].map((byte) => {
    const key = decodePrivateKey(new Uint8Array(32).fill(byte));
    if (key === null) throw new Error('a private key');
    return key;
  });
  keys.sort((one, other) => comparePublicKeys(publicKeyOf(one), publicKeyOf(other)));
  const script = taken(encodeMultisigScript({ threshold: 3, publicKeys: keys.map(publicKeyOf) }));
  const consensus = scriptHashOf(script);
  const previous = { hash: hash(1), index: 6, nextConsensus: consensus, timeMs: 1000 };
  const unsigned = {
    previousHash: hash(1),
    merkleRoot: hash(2),
    timeMs: 1001,
    nonce: 2n ** 64n - 1n,
    index: 7,
    primary: 3,
    nextConsensus: consensus,
  };
  const sign = (order: readonly number[], magic = PRIVATE_NETWORK): Uint8Array[] =>
    order.map((at) => {
      const key = keys[at];
      if (!key) throw new Error('no such key');
      return signMessage(encodeSigningMessage(magic, hashHeader(unsigned)), key);
    });
  const push = (signatures: readonly Uint8Array[]): Uint8Array =>
    Uint8Array.from(signatures.flatMap((signature) => [0x0c, 64, ...signature]));
  const signed = (signatures: readonly Uint8Array[]): Header => ({
    ...unsigned,
    witness: { invocation: push(signatures), verification: script },
  });
  const faultOf = (changes: Partial<HeaderCheck>) =>
    faultOfHeader({
      header: signed(sign([0, 1, 2])),
      previous,
      networkMagic: PRIVATE_NETWORK,
      ...changes,
    });

  it.skipIf(absent)('a live header is that of its consensus, on its network only', () => {
    const header = taken(parseHeader(liveHeader));
    // One validator for ever: what signs the next block signed this one.
    const before = {
      hash: header.previousHash,
      index: header.index - 1,
      nextConsensus: header.nextConsensus,
      timeMs: null,
    };
    const check = { header, previous: before, networkMagic: PRIVATE_NETWORK };
    expect(faultOfHeader(check)).toBeNull();
    expect(faultOfHeader({ ...check, networkMagic: 860_833_102 })).toBe('signatures');
    expect(toVerifiedBlock(header)).toMatchObject({ index: 89, timeMs: 1_795_262_119_175 });
  });

  it('takes any m signatures in the order of the keys', () => {
    for (const order of [
      [0, 1, 2],
      [0, 1, 3],
      [0, 2, 3],
      [1, 2, 3],
    ])
      expect(faultOf({ header: signed(sign(order)) }), String(order)).toBeNull();
  });

  it('takes a signature with a high s, as half of all are', () => {
    const [first = new Uint8Array(), ...others] = sign([0, 1, 2]);
    const { r, s } = p256.Signature.fromBytes(first);
    const flipped = new p256.Signature(r, p256.Point.Fn.ORDER - s).toBytes();
    expect(faultOf({ header: signed([flipped, ...others]) })).toBeNull();
  });

  it.each([
    ['one too few', sign([0, 1])],
    ['one too many', sign([0, 1, 2, 3])],
    ['another order', sign([1, 0, 2])],
    ['one of them twice', sign([0, 0, 1])],
    ['another network', sign([0, 1, 2], 894_710_606)],
    ['none', []],
    ['bytes of another length', [new Uint8Array(63)]],
  ])('refuses signatures: %s', (_, signatures) => {
    expect(faultOf({ header: signed(signatures) })).toBe('signatures');
  });

  it('refuses an invocation that does anything but push signatures', () => {
    const { invocation } = signed(sign([0, 1, 2])).witness;
    for (const altered of [[...invocation, 0x21], [0x11, ...invocation], [0xff], [0x0c]]) {
      const witness = { invocation: Uint8Array.from(altered), verification: script };
      expect(faultOf({ header: { ...unsigned, witness } })).toBe('signatures');
    }
  });

  it('refuses whoever the block before did not name, however well they sign', () => {
    const stranger = parseScriptHash(`0x${'11'.repeat(20)}`);
    if (!stranger) throw new Error('a script hash');
    expect(faultOf({ previous: { ...previous, nextConsensus: stranger } })).toBe('consensus');
    // A script that always answers true, named by nobody.
    const witness = { invocation: new Uint8Array(), verification: Uint8Array.of(0x11) };
    expect(faultOf({ header: { ...unsigned, witness } })).toBe('consensus');
    // Even named, it is no multi-signature account.
    const open = { ...previous, nextConsensus: scriptHashOf(witness.verification) };
    expect(faultOf({ header: { ...unsigned, witness }, previous: open })).toBe('signatures');
  });

  it('refuses a gap, another chain and a clock that stands, in this order', () => {
    expect(faultOf({ previous: { ...previous, index: 5, hash: hash(9) } })).toBe('index');
    expect(faultOf({ previous: { ...previous, index: 7 } })).toBe('index');
    expect(faultOf({ previous: { ...previous, hash: hash(9), timeMs: 2000 } })).toBe(
      'previous_hash',
    );
    expect(faultOf({ previous: { ...previous, timeMs: 1001 } })).toBe('time');
    expect(faultOf({ previous: { ...previous, timeMs: null } })).toBeNull();
  });
});
