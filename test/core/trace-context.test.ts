/** `traceparent` of W3C Trace Context, with the cases of its sections 2.2 and 3.2.2. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { continueTrace, toTraceparent } from '../../worker/core/trace-context.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const PARENT = '00f067aa0ba902b7';
const random = Uint8Array.from({ length: 24 }, (_, index) => index + 1);
const FRESH = '0102030405060708090a0b0c0d0e0f10';
const traceOf = (header: string | undefined): string => continueTrace(header, random).traceId;

describe('continueTrace', () => {
  it('keeps the trace of a valid header and gives it a span of our own', () => {
    const trace = continueTrace(`00-${TRACE}-${PARENT}-01`, random);
    expect(trace.traceId).toBe(TRACE);
    expect(trace.spanId).not.toBe(PARENT);
    expect(toTraceparent(trace)).toBe(`00-${TRACE}-1112131415161718-01`);
  });

  it('keeps the trace of a later version, which may have more fields', () => {
    expect(traceOf(`cc-${TRACE}-${PARENT}-01-what-the-future-holds`)).toBe(TRACE);
    expect(traceOf(`00-${TRACE}-${PARENT}-00`)).toBe(TRACE);
  });

  it.each([
    ['no header', undefined],
    ['nothing', ''],
    ['the forbidden version', `ff-${TRACE}-${PARENT}-01`],
    ['a trace of zeros', `00-${'0'.repeat(32)}-${PARENT}-01`],
    ['a parent of zeros', `00-${TRACE}-${'0'.repeat(16)}-01`],
    ['upper case', `00-${TRACE.toUpperCase()}-${PARENT}-01`],
    ['a short trace', `00-${TRACE.slice(1)}-${PARENT}-01`],
    ['a field too long', `00-${TRACE}-${PARENT}-011`],
    ['spaces', ` 00-${TRACE}-${PARENT}-01`],
    ['a line break', `00-${TRACE}-${PARENT}-01\n`],
  ])('starts a new trace for %s', (_, header) => {
    expect(traceOf(header)).toBe(FRESH);
  });

  it('makes a valid header out of any text whatever', () => {
    fc.assert(
      fc.property(fc.string(), (header) => {
        expect(toTraceparent(continueTrace(header, random))).toMatch(
          /^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/,
        );
      }),
    );
  });
});
