/** Members of a multisig account, who sign the bytes that the API shows them, as their wallets do. */
import { p256 } from '@noble/curves/nist.js';
import { base64 } from '@scure/base';
import { expect, vi } from 'vitest';
import { assert } from '../../../worker/core/assert.ts';
import { encodeAddress } from '../../../worker/core/neo/address.ts';
import { encodeHex, parseHex } from '../../../worker/core/neo/hex.ts';
import { decodePublicKey } from '../../../worker/core/neo/public-key.ts';
import { scriptHashOf } from '../../../worker/core/neo/script-hash.ts';
import { encodeMultisigScript } from '../../../worker/core/neo/verification-script.ts';
import { type Called, openTenant, type Tenant } from '../../support/harness.ts';
import { NETWORKS } from '../../support/small-chain.ts';
import { stopClock } from '../../support/time.ts';
import { transferBy } from './transactions-under-test.ts';

const DAY_MS = 86_400_000;

export interface Member {
  readonly publicKey: string;
  /** Over magic and hash: r and s in hexadecimal digits. */
  readonly sign: (hash: string, magic?: number) => string;
}

function bytesOf(text: string): Uint8Array {
  const bytes = parseHex(text);
  assert(bytes !== null, 'hexadecimal digits');
  return bytes;
}

let serial = 0;

export function createMember(): Member {
  serial += 1;
  const secret = new Uint8Array(32).fill(2);
  new DataView(secret.buffer).setUint32(0, serial);
  const publicKey = encodeHex(p256.getPublicKey(secret));
  const sign = (hash: string, magic: number = NETWORKS.up.magic) => {
    // neo-protocol: magic as u32 little-endian, then the hash as it is in memory, displayed reversed.
    const message = new Uint8Array(36);
    new DataView(message.buffer).setUint32(0, magic, true);
    message.set(bytesOf(hash.slice(2)).toReversed(), 4);
    return encodeHex(p256.sign(message, secret, { lowS: false, prehash: true }));
  };
  return { publicKey, sign };
}

export interface Multisig {
  readonly tenant: Tenant;
  readonly members: readonly Member[];
  readonly publicKeys: readonly string[];
  readonly scriptHash: string;
  readonly senderName: string;
}

/** An account of two of three keys. */
export async function openMultisig(tenant?: Tenant): Promise<Multisig> {
  // A day ahead, so that no alarm of a sender rings while the next test wipes its storage.
  if (!tenant && !vi.isFakeTimers()) stopClock(Date.now() + DAY_MS);
  const members = [createMember(), createMember(), createMember()];
  const publicKeys = members.map(({ publicKey }) => publicKey);
  const keys = publicKeys.map((text) => decodePublicKey(bytesOf(text)));
  const verification = encodeMultisigScript({
    threshold: 2,
    publicKeys: keys.filter((key) => key !== null),
  });
  assert(verification.ok, 'two of three keys');
  const scriptHash = scriptHashOf(verification.value);
  const senderName = `${NETWORKS.up.magic}:${encodeAddress(scriptHash)}`;
  return { tenant: tenant ?? (await openTenant()), members, publicKeys, scriptHash, senderName };
}

export const bodyOf = (multisig: Multisig, fields: object = {}) => ({
  network: NETWORKS.up.id,
  threshold: 2,
  publicKeys: multisig.publicKeys,
  calls: [transferBy(multisig)],
  ...fields,
});

export const propose = (multisig: Multisig, fields: object = {}): Promise<Called> =>
  multisig.tenant.call('POST /transactions/multisig', { body: bodyOf(multisig, fields) });

export interface Proposed extends Multisig {
  readonly id: string;
  readonly hash: string;
  readonly signing: () => Promise<Called['body']>;
  readonly post: (body: object) => Promise<Called>;
  readonly sign: (member: number) => Promise<Called>;
}

export async function openProposed(fields: object = {}, tenant?: Tenant): Promise<Proposed> {
  const multisig = await openMultisig(tenant);
  const made = await propose(multisig, fields);
  expect(made.status, made.text).toBe(201);
  const { id } = made.body;
  const path = `/transactions/${id}/signatures`;
  const signing = async () => {
    const read = await multisig.tenant.call(`GET ${path}`);
    expect(read.status, read.text).toBe(200);
    return read.body;
  };
  const { hash } = await signing();
  const post = (body: object) => multisig.tenant.call(`POST ${path}`, { body });
  const sign = (index: number) => {
    const member = multisig.members[index];
    assert(member !== undefined, 'a member');
    return post({ publicKey: member.publicKey, signature: member.sign(hash) });
  };
  return { ...multisig, id, hash, signing, post, sign };
}

/** As a wallet writes it that has signed: the file it was given, with its signature. */
export function signedContext(context: Called['body'], member: Member, hash: string): object {
  const [[account, item]] = Object.entries(context.items) as [[string, Record<string, object>]];
  const signature = base64.encode(bytesOf(member.sign(hash)));
  const signatures = { ...item['signatures'], [member.publicKey]: signature };
  return { ...context, items: { [account]: { ...item, signatures } } };
}
