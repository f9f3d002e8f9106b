/**
 * The bytes that wallets sign for NEP-20. The accepted layout binds action and domain. The other
 * two are 36 bytes long and bind neither: a challenge of ours that another site shows the user
 * would be answered for that site, so they are modes of their own that a tenant must ask for.
 */
import { assertNever } from '../../assert.ts';
import { ByteWriter } from '../byte-writer.ts';
import { encodeScriptHash, type ScriptHash } from '../script-hash.ts';

export const NEP20_LAYOUTS = [
  /** As accepted in 2026; neon-dapi. */
  'nep-20',
  /** The draft of 2021, which the sample printed in the NEP still follows. */
  'nep-20-draft-2021',
  /** NeoLine of 2026, with the account in display order. */
  'nep-20-neoline',
] as const;
export type Nep20Layout = (typeof NEP20_LAYOUTS)[number];

export interface Nep20Fields {
  readonly nonce: bigint;
  /** Of the answer, in seconds. */
  readonly timestamp: number;
  readonly networkMagic: number;
  readonly account: ScriptHash;
  readonly action: string;
  readonly domain: string;
}

export function encodeNep20(layout: Nep20Layout, fields: Nep20Fields): Uint8Array {
  const { nonce, timestamp, networkMagic, account, action, domain } = fields;
  const hash = encodeScriptHash(account);
  switch (layout) {
    case 'nep-20':
      return new ByteWriter()
        .u64(nonce)
        .u32(timestamp)
        .u32(networkMagic)
        .bytes(hash)
        .varString(action)
        .varString(domain)
        .toBytes();
    case 'nep-20-draft-2021':
      return new ByteWriter().u32(networkMagic).u64(nonce).u32(timestamp).bytes(hash).toBytes();
    case 'nep-20-neoline':
      return new ByteWriter()
        .u32(networkMagic)
        .u64(nonce)
        .u32(timestamp)
        .bytes(hash.toReversed())
        .toBytes();
    default:
      return assertNever(layout);
  }
}
