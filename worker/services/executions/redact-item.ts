/**
 * Secret values inside what a contract answers. A contract that echoes its arguments sends them
 * back as bytes, which JSON-RPC writes in base64: text in which no secret would be found. So they
 * are looked for before that.
 */
import type { Redactor } from '../../core/functions-runtime/redact.ts';
import type { PrimitiveItem, StackItem } from '../../core/neo/vm/stack-item.ts';

export function redactItem(item: StackItem, redactor: Redactor): StackItem {
  switch (item.type) {
    case 'ByteString':
    case 'Buffer':
      return { type: item.type, value: redactor.bytes(item.value) };
    case 'Array':
    case 'Struct':
      return { type: item.type, value: item.value.map((part) => redactItem(part, redactor)) };
    case 'Map': {
      const value = item.value.map((entry) => ({
        key: redactKey(entry.key, redactor),
        value: redactItem(entry.value, redactor),
      }));
      return { type: item.type, value };
    }
    case 'InteropInterface': {
      const values = item.iterator.values?.map((part) => redactItem(part, redactor)) ?? null;
      return { type: item.type, iterator: { ...item.iterator, values } };
    }
    default:
      return item;
  }
}

const redactKey = (key: PrimitiveItem, redactor: Redactor): PrimitiveItem =>
  key.type === 'ByteString' ? { type: key.type, value: redactor.bytes(key.value) } : key;
