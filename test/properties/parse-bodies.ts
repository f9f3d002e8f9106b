/**
 * The parse layer under random bodies: whatever stands in one, it is accepted or refused by name, and
 * nothing throws. Called by the fast and the slow suite with a number of bodies for each schema.
 */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { operations } from '../../worker/contract.ts';
import type { Operation } from '../../worker/http/operation.ts';
import { parseParts } from '../../worker/http/parse-request.ts';
import { randomBodies, validBodies } from '../support/random-bodies.ts';

const withBody = operations
  .filter(({ body }) => body !== undefined)
  .map((operation) => [operation.id, operation] as const);
const encoder = new TextEncoder();

const parseBytes = (operation: Operation, body: Uint8Array) =>
  parseParts(
    operation,
    { params: operation.example.params ?? {}, query: new URLSearchParams(), body },
    'application/json',
  );
const parse = (operation: Operation, value: unknown) =>
  parseBytes(operation, encoder.encode(JSON.stringify(value)));

/** Answers whether it was accepted; a refusal names at least one place. */
export function checkOutcome(outcome: ReturnType<typeof parseBytes>): boolean {
  if (outcome.ok) return true;
  const { code, fields = [] } = outcome.failure;
  if (code !== 'request.malformed' || fields.length === 0 || fields.length > 50)
    throw new Error(`refused without saying where: ${JSON.stringify(outcome.failure)}`);
  return false;
}

export const parseEveryBody = (runs: number, seed: number): void =>
  describe.each(withBody)('the body of %s', (_, operation) => {
    const schema = operation.body;
    if (!schema) return;

    it(`is accepted or refused by name, ${runs} random times`, { timeout: 600_000 }, () => {
      fc.assert(
        fc.property(randomBodies(schema), (body) => {
          checkOutcome(parse(operation, body));
        }),
        { seed, numRuns: runs },
      );
    });

    it('is accepted often enough for the random bodies to prove something', () => {
      const bodies = validBodies(schema);
      // The more of a body is optional, the rarer is one whose every part is accepted.
      const isSomeAccepted = Array.from({ length: 200 }, (_part, part) => seed + part).some((own) =>
        fc
          .sample(bodies, { seed: own, numRuns: 300 })
          .some((body) => checkOutcome(parse(operation, body))),
      );
      expect(isSomeAccepted).toBe(true);
    });

    it('is refused by name when it is any bytes at all', () => {
      fc.assert(
        fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
          checkOutcome(parseBytes(operation, bytes));
        }),
        { seed, numRuns: 500 },
      );
    });
  });
