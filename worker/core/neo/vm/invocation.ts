/**
 * Answers of `invokescript` and `invokefunction`: what a script would do, by the word of one node.
 * Success of the call does not mean HALT: an unknown contract, an unknown method and an invalid
 * script are runs that FAULT. `traverseiterator` gives the values of an iterator in batches; an
 * empty batch is the end.
 */
import { type JsonReader, type Parsed, parseWhole } from '../json-reader.ts';
import { type RunOutcome, readRunOutcome } from './execution.ts';
import { LIMITS } from './limits.ts';
import { readStackItem, type StackItem } from './stack-item.ts';

export interface Invocation extends RunOutcome {
  readonly script: Uint8Array;
  /** For `traverseiterator`; null when the node keeps no session for this run. */
  readonly session: string | null;
}

export const parseInvocation = (json: unknown): Parsed<Invocation> =>
  parseWhole(json, (reader) => ({
    ...readRunOutcome(reader, 'state'),
    script: readScript(reader.field('script')),
    session: reader.optional('session')?.text(LIMITS.iteratorIdCharsMax.value) ?? null,
  }));

export const parseIteratorBatch = (json: unknown): Parsed<readonly StackItem[]> =>
  parseWhole(json, (reader) => reader.list(LIMITS.itemsMax.value, readStackItem));

const readScript = (reader: JsonReader): Uint8Array => reader.bytes(LIMITS.itemBytesMax.value);
