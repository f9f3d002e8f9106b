/**
 * A Neo wallet of a program's own, which signs a text as Neo wallets do. For examples: its key lives
 * as long as the program.
 */
import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

interface Wallet {
  readonly publicKey: string;
  readonly scriptHash: string;
  readonly signText: (text: string | null) => string;
}

export function createWallet(): Wallet {
  const pair = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const publicKey = compressed(pair.publicKey);
  const script = `0c21${publicKey}4156e7b327`;
  const hash = createHash('sha256').update(script, 'hex').digest();
  const account = createHash('ripemd160').update(hash).digest();
  return {
    publicKey,
    scriptHash: `0x${Buffer.from(account.toReversed()).toString('hex')}`,
    signText: (text) =>
      sign('sha256', frameOf(text ?? ''), {
        key: pair.privateKey,
        dsaEncoding: 'ieee-p1363',
      }).toString('hex'),
  };
}

function compressed(publicKey: KeyObject): string {
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
  const [left, right] = [Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')];
  const isOdd = (right.at(-1) ?? 0) % 2 === 1;
  return `${isOdd ? '03' : '02'}${left.toString('hex')}`;
}

/** What Neo wallets put around a text, so that it can never be a transaction; ours has over 252 bytes. */
function frameOf(text: string): Buffer {
  const length = Buffer.from([0xfd, 0, 0]);
  length.writeUInt16LE(Buffer.byteLength(text), 1);
  return Buffer.concat([
    Buffer.from('010001f0', 'hex'),
    length,
    Buffer.from(text),
    Buffer.from('0000', 'hex'),
  ]);
}
