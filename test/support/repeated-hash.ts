import { parseScriptHash, type ScriptHash } from '../../worker/core/neo/script-hash.ts';

/** The script hash of one hexadecimal digit, told apart at sight. */
export function repeatedHash(digit: string): ScriptHash {
  const parsed = parseScriptHash(`0x${digit.repeat(40)}`);
  if (parsed === null) throw new Error('not a hash');
  return parsed;
}
