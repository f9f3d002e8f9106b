/**
 * Nothing a caller can send breaks the parse layer: 10,000 random bodies for every schema of the
 * contract are accepted or refused by name, and none of them throws. SEED repeats a run.
 */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { operations } from '../../worker/contract.ts';
import type { Operation } from '../../worker/http/operation.ts';
import { parseParts } from '../../worker/http/parse-request.ts';
import { randomBodies, validBodies } from '../support/random-bodies.ts';

const seed = Number(process.env.SEED ?? Math.trunc(performance.timeOrigin % 2 ** 31));
const RUNS = 10_000;
console.info(`contract-parse: SEED=${seed}`);

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
function checkOutcome(outcome: ReturnType<typeof parseBytes>): boolean {
  if (outcome.ok) return true;
  const { code, fields = [] } = outcome.failure;
  if (code !== 'request.malformed' || fields.length === 0 || fields.length > 50)
    throw new Error(`refused without saying where: ${JSON.stringify(outcome.failure)}`);
  return false;
}

describe.each(withBody)('the body of %s', (_, operation) => {
  const schema = operation.body;
  if (!schema) return;

  it(`is accepted or refused by name, ${RUNS} random times`, { timeout: 600_000 }, () => {
    fc.assert(
      fc.property(randomBodies(schema), (body) => {
        checkOutcome(parse(operation, body));
      }),
      { seed, numRuns: RUNS },
    );
  });

  it('is accepted often enough for the random bodies to prove something', () => {
    const bodies = fc.sample(validBodies(schema), { seed, numRuns: 300 });
    const accepted = bodies.filter((body) => checkOutcome(parse(operation, body)));
    expect(accepted.length).toBeGreaterThan(0);
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

describe('the query of an operation', () => {
  const withQuery = operations.filter(({ query }) => query !== undefined);

  it.each(withQuery.map((operation) => [operation.id, operation] as const))(
    'is accepted or refused by name, whatever it is: %s',
    (_, operation) => {
      const names = [...Object.keys(operation.query?.shape ?? {}), '__proto__', 'x'];
      const pairs = fc.array(fc.tuple(fc.constantFrom(...names), fc.string({ unit: 'binary' })), {
        maxLength: 4,
      });
      fc.assert(
        fc.property(pairs, (query) => {
          const { body } = operation.example;
          const raw = { params: operation.example.params ?? {}, query: new URLSearchParams(query) };
          const bytes = encoder.encode(body === undefined ? '' : JSON.stringify(body));
          checkOutcome(parseParts(operation, { ...raw, body: bytes }, 'application/json'));
        }),
        { seed, numRuns: 2_000 },
      );
    },
  );
});
