/**
 * Keys of the virtual machine's maps: booleans, integers and at most 64 bytes. A map that names a
 * key twice is refused wherever it comes in, because the machine keeps one of the values and a
 * reader may have judged the other.
 */
import { encodeHex } from '../hex.ts';
import { ScriptBuilder } from '../script-builder.ts';
import type { StackArgument } from '../stack-argument.ts';
import { LIMITS } from '../vm/limits.ts';

/** PUSHDATA1 and its length stand in front of the bytes. */
const PUSHED_BYTES_MAX = 2 + LIMITS.mapKeyBytesMax.value;

/**
 * A text that is the same for two keys exactly when the machine takes them for the same; null for
 * what can be no key.
 */
function mapKeyOf(argument: StackArgument): string | null {
  const { type } = argument;
  if (type === 'Any' || type === 'Array' || type === 'Struct' || type === 'Map') return null;
  const pushed = new ScriptBuilder().push(argument).toBytes();
  return pushed.length > PUSHED_BYTES_MAX ? null : encodeHex(pushed);
}

/** Null when they are keys and all differ. */
export function findMapProblem(keys: readonly StackArgument[]): MapProblem | null {
  const seen = new Set<string>();
  for (const [index, key] of keys.entries()) {
    const text = mapKeyOf(key);
    if (text === null) return { index, reason: 'is no key of a map' };
    if (seen.has(text)) return { index, reason: 'is a key the map already has' };
    seen.add(text);
  }
  return null;
}

interface MapProblem {
  readonly index: number;
  readonly reason: string;
}
