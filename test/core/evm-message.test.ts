/** Texts signed by EVM wallets, against the example of web3.js. */
import { secp256k1 } from '@noble/curves/secp256k1.js';
import { describe, expect, it } from 'vitest';
import { recoverPersonalSigner } from '../../worker/core/evm-message.ts';

/** https://web3js.readthedocs.io/en/v1.10.0/web3-eth-accounts.html#sign */
const WEB3 = {
  text: 'Some data',
  address: '0x2c7536E3605D9C16a7a3D7b1898e529396a65c23',
  signature:
    '0xb91467e570a6466aa9e9876cbcd013baba02900b8979d43fe208a4a4f339f5fd6007e74cd82e037b800186422fc2da167c747ef045e5d18a5f5d4300f8e1a0291c',
};

describe('a text signed by an EVM wallet', () => {
  it('names its signer, in either way to write the recovery bit', () => {
    expect(recoverPersonalSigner(WEB3.text, WEB3.signature)).toBe(WEB3.address);
    const ledger = `${WEB3.signature.slice(0, -2)}01`;
    expect(recoverPersonalSigner(WEB3.text, ledger)).toBe(WEB3.address);
  });

  it('has a twin of high s that names the same signer', () => {
    const r = WEB3.signature.slice(2, 66);
    const s = BigInt(`0x${WEB3.signature.slice(66, 130)}`);
    const twin = (secp256k1.Point.CURVE().n - s).toString(16).padStart(64, '0');
    expect(recoverPersonalSigner(WEB3.text, `0x${r}${twin}1b`)).toBe(WEB3.address);
  });

  it('names somebody else for another text', () => {
    expect(recoverPersonalSigner(`${WEB3.text}.`, WEB3.signature)).not.toBe(WEB3.address);
  });

  it.each([
    ['nothing', ''],
    ['no prefix', WEB3.signature.slice(2)],
    ['too short', WEB3.signature.slice(0, -2)],
    ['a recovery bit of a chain', `${WEB3.signature.slice(0, -2)}25`],
    ['r of zero', `0x${'00'.repeat(32)}${'11'.repeat(32)}1b`],
    ['s of zero', `0x${'11'.repeat(32)}${'00'.repeat(32)}1b`],
    ['r beyond the curve', `0x${'ff'.repeat(32)}${'11'.repeat(32)}1b`],
  ])('is none when it is %s', (_, signature) => {
    expect(recoverPersonalSigner(WEB3.text, signature)).toBeNull();
  });
});
