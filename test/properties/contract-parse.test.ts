/**
 * Nothing a caller can send breaks the parse layer: random bodies and queries for every operation of
 * the contract are accepted or refused by name, and none of them throws. SEED repeats a run;
 * contract-parse.slow.ts sends thirty times as many bodies.
 */
import * as fc from 'fast-check';
import { describe, it } from 'vitest';
import { operations } from '../../worker/contract.ts';
import { parseParts } from '../../worker/http/parse-request.ts';
import { checkOutcome, parseEveryBody } from './parse-bodies.ts';

const seed = Number(process.env.SEED ?? Math.trunc(performance.timeOrigin % 2 ** 31));
console.info(`contract-parse: SEED=${seed}`);
const encoder = new TextEncoder();

parseEveryBody(300, seed);

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
        { seed, numRuns: 500 },
      );
    },
  );
});
