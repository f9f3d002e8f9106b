/**
 * The scripts behind accounts of one key and of several: the same bytes, hashes and addresses as
 * neo-go, neon-js and the networks have, and no second address for one set of keys.
 */
import { describe, expect, it } from 'vitest';
import { encodeAddress } from '../../../worker/core/neo/address.ts';
import { encodeHex, parseHex } from '../../../worker/core/neo/hex.ts';
import { parsePrivateKey, publicKeyOf } from '../../../worker/core/neo/private-key.ts';
import { type PublicKey, parsePublicKey } from '../../../worker/core/neo/public-key.ts';
import { ScriptBuilder } from '../../../worker/core/neo/script-builder.ts';
import { scriptHashOf } from '../../../worker/core/neo/script-hash.ts';
import {
  decodeMultisigScript,
  decodeSignatureScript,
  encodeMultisigScript,
  encodeSignatureScript,
} from '../../../worker/core/neo/verification-script.ts';
import { readNeoVectors } from '../../support/neo-vectors.ts';

interface Multisigs {
  readonly cases: readonly {
    readonly m: number;
    readonly n: number;
    readonly public_keys_input: readonly string[];
    readonly verification_script: string;
    readonly script_hash_display: string;
    readonly address: string;
  }[];
  readonly invalid_as_multisig: readonly { readonly hex: string; readonly why: string }[];
}
const vectors = readNeoVectors('multisig.json') as Multisigs | undefined;

function bytesOf(hex: string): Uint8Array {
  const bytes = parseHex(hex);
  if (bytes === null) throw new Error(`not hexadecimal: ${hex}`);
  return bytes;
}
function present<Value>(value: Value | null): Value {
  if (value === null) throw new Error('absent');
  return value;
}
function multisig(threshold: number, publicKeys: readonly PublicKey[]): Uint8Array {
  const encoded = encodeMultisigScript({ threshold, publicKeys });
  if (!encoded.ok) throw new Error(JSON.stringify(encoded.failure));
  return encoded.value;
}

const MEMBERS = Array.from({ length: 16 }, (_, index) =>
  publicKeyOf(present(parsePrivateKey((index + 1).toString(16).padStart(64, '0')))),
);
const [alice = MEMBERS[0], bob, carol] = MEMBERS;
/** As a wallet that does not sort would write it. */
function unsorted(threshold: bigint, keys: readonly PublicKey[], count = BigInt(keys.length)) {
  const script = new ScriptBuilder().pushInteger(threshold);
  for (const key of keys) script.pushPublicKey(key);
  return script.pushInteger(count).syscall('System.Crypto.CheckMultisig').toBytes();
}

describe('scripts of several keys', () => {
  it.skipIf(!vectors)(
    'agree with neo-go, neon-js and the networks on script, hash and address',
    () => {
      for (const vector of vectors?.cases ?? []) {
        const keys = vector.public_keys_input.map((key) => present(parsePublicKey(key)));
        const script = multisig(vector.m, keys);
        expect(encodeHex(script)).toBe(vector.verification_script);
        expect(scriptHashOf(script)).toBe(vector.script_hash_display);
        expect(encodeAddress(scriptHashOf(script))).toBe(vector.address);
        const decoded = decodeMultisigScript(script);
        expect(decoded?.threshold).toBe(vector.m);
        expect(decoded?.publicKeys.toSorted()).toEqual(keys.toSorted());
      }
    },
  );

  it.skipIf(!vectors)('are not read from what neo-go takes for something else', () => {
    for (const { hex, why } of vectors?.invalid_as_multisig ?? [])
      expect(decodeMultisigScript(bytesOf(hex)), why).toBeNull();
  });

  it('are the same for every order of the keys', () => {
    const keys = MEMBERS.slice(0, 5);
    const script = multisig(3, keys);
    expect(multisig(3, keys.toReversed())).toEqual(script);
    expect(multisig(3, keys.toSorted())).toEqual(script);
  });

  it('hold up to 15 keys and say why 16 are refused', () => {
    expect(decodeMultisigScript(multisig(15, MEMBERS.slice(0, 15)))?.publicKeys).toHaveLength(15);
    expect(encodeMultisigScript({ threshold: 2, publicKeys: MEMBERS })).toMatchObject({
      ok: false,
      failure: {
        code: 'request.malformed',
        fields: [{ pointer: '/publicKeys', detail: expect.stringContaining('two addresses') }],
      },
    });
  });

  it('are refused when too many signatures or too few are asked for', () => {
    for (const threshold of [0, -1, 4, 1.5, Number.NaN, Number.POSITIVE_INFINITY])
      expect(encodeMultisigScript({ threshold, publicKeys: MEMBERS.slice(0, 3) })).toMatchObject({
        ok: false,
        failure: { fields: [{ pointer: '/threshold' }] },
      });
    expect(encodeMultisigScript({ threshold: 1, publicKeys: [] }).ok).toBe(false);
  });

  it('are refused with a key twice, which would let one person sign for two', () => {
    const publicKeys = [present(alice ?? null), present(bob ?? null), present(alice ?? null)];
    expect(encodeMultisigScript({ threshold: 2, publicKeys })).toMatchObject({
      ok: false,
      failure: { fields: [{ pointer: '/publicKeys' }] },
    });
    expect(decodeMultisigScript(unsorted(2n, publicKeys))).toBeNull();
  });

  it('are read in the order they have, since signatures follow it', () => {
    const reversed = present(
      decodeMultisigScript(multisig(2, MEMBERS.slice(0, 3))),
    ).publicKeys.toReversed();
    expect(decodeMultisigScript(unsorted(2n, reversed))?.publicKeys).toEqual(reversed);
  });

  it('are read with 16 keys in either form of the number, and with more', () => {
    expect(decodeMultisigScript(unsorted(2n, MEMBERS))?.publicKeys).toHaveLength(16);
    const pushed = encodeHex(unsorted(2n, MEMBERS)).replace(/20(?=419ed0dc3a$)/, '0010');
    expect(decodeMultisigScript(bytesOf(pushed))?.publicKeys).toHaveLength(16);
  });

  it('are not read with counts in wide forms, other pushes or anything around them', () => {
    const hex = encodeHex(multisig(1, MEMBERS.slice(0, 2)));
    for (const changed of [
      `0001${hex.slice(2)}`,
      `010100${hex.slice(2)}`,
      `${hex.slice(0, 2)}0d2100${hex.slice(6)}`,
      hex.replace(/12(?=419ed0dc3a$)/, '0002'),
      `${hex}40`,
      `21${hex}`,
      hex.slice(0, -2),
      hex.slice(2),
      '',
    ])
      expect(decodeMultisigScript(bytesOf(changed)), changed).toBeNull();
  });

  it('are not read when longer than a node lets a verification script be', () => {
    expect(decodeMultisigScript(new Uint8Array(1025).fill(0x11))).toBeNull();
  });
});

describe('scripts of one key', () => {
  it('are not read from another call, another length or what is no point', () => {
    const hex = encodeHex(encodeSignatureScript(present(carol ?? null)));
    expect(decodeSignatureScript(bytesOf(hex))).toBe(carol);
    for (const changed of [
      hex.replace(/56e7b327$/, '9ed0dc3a'),
      hex.replace(/^0c21/, '0d2100'),
      `0c2104${hex.slice(6)}`,
      `0c2102${'ff'.repeat(32)}4156e7b327`,
      `${hex}40`,
      hex.slice(0, -2),
      '',
    ])
      expect(decodeSignatureScript(bytesOf(changed)), changed).toBeNull();
    expect(decodeSignatureScript(multisig(1, MEMBERS.slice(0, 1)))).toBeNull();
  });
});
