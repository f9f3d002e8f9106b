/**
 * Addresses of Neo N3 and EVM against vectors of other projects, and the one text a wallet is kept
 * under.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseEvmAddress } from '../../../worker/core/evm-address.ts';
import { encodeAddress, parseAddress } from '../../../worker/core/neo/address.ts';
import {
  decodeScriptHash,
  encodeScriptHash,
  parseScriptHash,
} from '../../../worker/core/neo/script-hash.ts';
import { parseWalletAddress } from '../../../worker/core/wallets/wallet-address.ts';

interface Keys {
  readonly keys: readonly {
    readonly address: string;
    readonly script_hash_display: string;
    readonly script_hash_wire: string;
  }[];
  readonly address_invalid: readonly { readonly address: string; readonly why: string }[];
}
interface Natives {
  readonly natives: readonly { readonly address: string; readonly hash_display: string }[];
}

const read = (name: string): unknown => {
  const place = join(import.meta.dirname, '../../../../shared/vectors/neo', name);
  return existsSync(place) ? JSON.parse(readFileSync(place, 'utf8')) : undefined;
};
// The files' own forms; a wrong one fails the tests that read it.
const keys = read('keys.json') as Keys | undefined;
const natives = read('native-hashes.json') as Natives | undefined;
if (!keys || !natives)
  console.info('The vectors of neo-go and neon-js are absent: those tests are skipped.');

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

const TREASURY = {
  address: 'NPTmAHDxo6Pkyic8Nvu3kwyXoYJCvcCB6i',
  scriptHash: '0xa7cbfee3f01f89d58c042644b0b6df2d59a6eb26',
};

describe('Neo N3 addresses', () => {
  it.skipIf(!keys)('agree with neo-go and neon-js, both ways', () => {
    for (const key of keys?.keys ?? []) {
      const hash = parseAddress(key.address);
      expect(hash).toBe(key.script_hash_display);
      if (hash === null) continue;
      expect(hex(encodeScriptHash(hash))).toBe(key.script_hash_wire);
      expect(decodeScriptHash(encodeScriptHash(hash))).toBe(hash);
      expect(encodeAddress(hash)).toBe(key.address);
    }
  });

  it.skipIf(!natives)('agree with neo-go on the native contracts', () => {
    for (const native of natives?.natives ?? [])
      expect(parseAddress(native.address)).toBe(native.hash_display);
  });

  it.skipIf(!keys)('refuse what neo-go and neon-js refuse', () => {
    for (const { address, why } of keys?.address_invalid ?? [])
      expect(parseAddress(address), why).toBeNull();
  });

  it('refuse a text with one character changed, whichever it is', () => {
    for (let index = 0; index < TREASURY.address.length; index += 1) {
      const other = TREASURY.address[index] === 'x' ? 'y' : 'x';
      const mistyped = TREASURY.address.slice(0, index) + other + TREASURY.address.slice(index + 1);
      expect(parseAddress(mistyped), mistyped).toBeNull();
    }
  });

  it('refuse other cases, spaces, lengths and characters outside Base58', () => {
    const { address } = TREASURY;
    for (const text of [
      '',
      address.toLowerCase(),
      address.toUpperCase(),
      ` ${address}`,
      `${address} `,
      address.slice(0, -1),
      `${address}i`,
      `${address.slice(0, -1)}0`,
      `${address.slice(0, -1)}\u0131`,
      '1'.repeat(34),
      'N'.repeat(100_000),
    ])
      expect(parseAddress(text), text.slice(0, 40)).toBeNull();
  });
});

describe('script hashes', () => {
  it('are read in either case and kept in lower case', () => {
    expect(parseScriptHash(TREASURY.scriptHash.toUpperCase().replace('0X', '0x'))).toBe(
      TREASURY.scriptHash,
    );
  });

  it('are refused without prefix, with another length and with other digits', () => {
    const { scriptHash } = TREASURY;
    for (const text of [
      scriptHash.slice(2),
      `0X${scriptHash.slice(2)}`,
      `${scriptHash}00`,
      scriptHash.slice(0, -1),
      `${scriptHash.slice(0, -1)}g`,
      `${scriptHash}\n`,
    ])
      expect(parseScriptHash(text), text).toBeNull();
  });
});

/** https://eips.ethereum.org/EIPS/eip-55#test-cases */
const EIP_55 = [
  '0x52908400098527886E0F7030069857D2E4169EE7',
  '0x8617E340B3D01FA5F11F306F4090FD50E238070D',
  '0xde709f2102306220921060314715629080e2fb77',
  '0x27b1fdb04752bbc536007a920d24acb045561c26',
  '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed',
  '0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359',
  '0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB',
  '0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb',
];

describe('EVM addresses', () => {
  it.each(EIP_55)('carry the checksum of EIP-55: %s', (address) => {
    expect(parseEvmAddress(address)).toBe(address);
    expect(parseEvmAddress(address.toLowerCase())).toBe(address);
    expect(parseEvmAddress(`0x${address.slice(2).toUpperCase()}`)).toBe(address);
  });

  it('are refused when the case of any one letter of a mixed text is wrong', () => {
    const [, , , , address = ''] = EIP_55;
    for (let index = 2; index < address.length; index += 1) {
      const letter = address.charAt(index);
      const flipped = letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase();
      if (flipped === letter) continue;
      const mistyped = address.slice(0, index) + flipped + address.slice(index + 1);
      expect(parseEvmAddress(mistyped), mistyped).toBeNull();
    }
  });

  it('are refused in any other form', () => {
    const [address = ''] = EIP_55;
    for (const text of [
      '',
      '0x',
      address.slice(2),
      `0X${address.slice(2)}`,
      `${address}0`,
      `${address}\n`,
    ])
      expect(parseEvmAddress(text), text).toBeNull();
  });
});

describe('the text a wallet is kept under', () => {
  it('is the same for a Neo address and its script hash', () => {
    const kept = { ok: true, value: { kind: 'neo', ...TREASURY } };
    expect(parseWalletAddress('neo', TREASURY.address)).toEqual(kept);
    expect(parseWalletAddress('neo', TREASURY.scriptHash)).toEqual(kept);
  });

  it('follows the kind that is asked for, since 40 digits can be either', () => {
    const digits = '0xde709f2102306220921060314715629080e2fb77';
    expect(parseWalletAddress('evm', digits)).toMatchObject({
      value: { address: digits, scriptHash: null },
    });
    expect(parseWalletAddress('neo', digits)).toMatchObject({ value: { scriptHash: digits } });
  });

  it('is none for an address of the other network', () => {
    const refused = {
      ok: false,
      failure: { code: 'request.malformed', fields: [{ pointer: '/address' }] },
    };
    expect(parseWalletAddress('evm', TREASURY.address)).toMatchObject(refused);
    expect(parseWalletAddress('neo', EIP_55[0]?.slice(2) ?? '')).toMatchObject(refused);
  });
});
