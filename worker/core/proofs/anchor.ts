/**
 * The record that stands on chain for a checkpoint (money rule M12): whoever has it knows which root
 * and which total the platform had stated by the time of that block, and that no other one can be
 * told later. It is the whole script of a transaction: one push and a DROP, which calls nothing and
 * moves nothing. A record is read only from the exact bytes that would be written for it.
 *
 *   label || 0x00 || magic (4) || height (4) || root (32) || sum in datoshi (8), big-endian
 */
import { concatBytes } from '@noble/hashes/utils.js';
import { assert } from '../assert.ts';
import { DOMAINS, domainSeparated } from '../crypto/domains.ts';
import { AMOUNT_MAX } from '../money.ts';
import { encodeHex, parseHex } from '../neo/hex.ts';
import { ScriptBuilder } from '../neo/script-builder.ts';

export interface Anchor {
  readonly magic: number;
  readonly height: number;
  /** 64 hexadecimal digits. */
  readonly root: string;
  /** Datoshi. */
  readonly sum: bigint;
}

const PLACE_BYTES = 8;
const ROOT_BYTES = 32;
const SUM_BYTES = 8;
const LABEL_BYTES = domainSeparated(DOMAINS.treeAnchor).length;
/** Opcode and length of the push. */
const PUSH_BYTES = 2;
const DROP_BYTES = 1;
const SCRIPT_BYTES = PUSH_BYTES + LABEL_BYTES + PLACE_BYTES + ROOT_BYTES + SUM_BYTES + DROP_BYTES;

export function encodeAnchorScript({ magic, height, root, sum }: Anchor): Uint8Array<ArrayBuffer> {
  const hash = parseHex(root);
  assert(hash?.length === ROOT_BYTES && sum >= 0n && sum <= AMOUNT_MAX, 'a root and its sum');
  const place = new Uint8Array(PLACE_BYTES);
  const placeView = new DataView(place.buffer);
  placeView.setUint32(0, magic);
  placeView.setUint32(4, height);
  const total = new Uint8Array(SUM_BYTES);
  new DataView(total.buffer).setBigUint64(0, sum);
  const record = domainSeparated(DOMAINS.treeAnchor, concatBytes(place, hash, total));
  return new ScriptBuilder().pushBytes(record).opcode('DROP').toBytes();
}

/** Null for a script that does anything else, or that says the same in another form. */
export function decodeAnchorScript(script: Uint8Array): Anchor | null {
  if (script.length !== SCRIPT_BYTES) return null;
  const facts = script.subarray(PUSH_BYTES + LABEL_BYTES);
  const view = new DataView(facts.buffer, facts.byteOffset, facts.byteLength);
  const sum = view.getBigUint64(PLACE_BYTES + ROOT_BYTES);
  if (sum > AMOUNT_MAX) return null;
  const anchor = {
    magic: view.getUint32(0),
    height: view.getUint32(4),
    root: encodeHex(facts.subarray(PLACE_BYTES, PLACE_BYTES + ROOT_BYTES)),
    sum,
  };
  const again = encodeAnchorScript(anchor);
  return again.every((byte, index) => byte === script[index]) ? anchor : null;
}
