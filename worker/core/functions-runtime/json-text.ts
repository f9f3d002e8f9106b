/**
 * Reads JSON text that hostile code made. Depth is measured on the text before anything parses it,
 * because deep nesting overflows the stack of whatever walks it later; strings with lone surrogates
 * are refused, because they have no UTF-8 form and RFC 8785 (section 3.2.2.2) cannot hash them.
 */
export type JsonValue =
  | null
  | boolean
  | number
  | string
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue };

export type JsonReading =
  | { readonly ok: true; readonly value: JsonValue }
  | { readonly ok: false; readonly reason: string };

export function parseJsonText(text: string, depthMax: number): JsonReading {
  if (jsonDepth(text) > depthMax)
    return { ok: false, reason: `nested deeper than ${depthMax} levels` };
  try {
    // JSON.parse gives JSON values and nothing else.
    const value = JSON.parse(text) as JsonValue;
    return isWellFormed(value)
      ? { ok: true, value }
      : { ok: false, reason: 'a string holds a lone surrogate' };
  } catch {
    return { ok: false, reason: 'not JSON' };
  }
}

export function utf8Length(text: string): number {
  return new TextEncoder().encode(text).length;
}

export function jsonDepth(text: string): number {
  let depth = 0;
  let deepest = 0;
  let inString = false;
  for (let index = 0; index < text.length; index += 1) {
    const char = text[index];
    if (inString) {
      if (char === '\\') index += 1;
      else if (char === '"') inString = false;
    } else if (char === '"') inString = true;
    else if (char === '[' || char === '{') deepest = Math.max(deepest, ++depth);
    else if (char === ']' || char === '}') depth -= 1;
  }
  return deepest;
}

function isWellFormed(value: JsonValue): boolean {
  if (typeof value === 'string') return value.isWellFormed();
  if (value === null || typeof value !== 'object') return true;
  if (Array.isArray(value)) return value.every(isWellFormed);
  return Object.entries(value).every(([key, part]) => key.isWellFormed() && isWellFormed(part));
}
