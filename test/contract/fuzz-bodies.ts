/** The walk of test/contract/fuzz.test.ts and, with more runs, of the two slow files beside it. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { operations } from '../../worker/contract.ts';
import type { Operation } from '../../worker/http/operation.ts';
import { openTenant, type Tenant } from '../support/harness.ts';
import { randomBodies } from '../support/random-bodies.ts';
import { makeValid, send, type Valid } from './fixtures.ts';

/** Requests at once: enough to be quick, few enough for the slots of executions. */
const AT_ONCE = 4;

const withBody = operations
  .filter(({ body }) => body !== undefined)
  .map((operation) => [operation.id, operation] as const);

/**
 * Text that no terminal can show ends the test's own connection, so a failing body is told in
 * ASCII.
 */
const inAscii = (text: string): string =>
  text
    .replace(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .slice(0, 2_000);

async function answersWell(
  valid: Valid,
  tenant: Tenant,
  body: unknown,
): Promise<string | undefined> {
  const rawBody = JSON.stringify(body);
  const answer = await send(valid, tenant, { rawBody });
  return answer.status < 500
    ? undefined
    : `${answer.status} ${answer.text} for ${inAscii(rawBody)}`;
}

async function fuzz(
  operation: Operation,
  tenant: Tenant,
  bodies: readonly unknown[],
): Promise<readonly string[]> {
  const valid = await makeValid(operation, tenant);
  const broken: string[] = [];
  for (let start = 0; start < bodies.length; start += AT_ONCE) {
    const some = bodies.slice(start, start + AT_ONCE);
    const outcomes = await Promise.all(some.map((body) => answersWell(valid, tenant, body)));
    broken.push(...outcomes.filter((outcome) => outcome !== undefined));
  }
  return broken;
}

interface Walk {
  /** Bodies for each operation. */
  readonly runs: number;
  readonly seed: number;
  /** Every other operation, the first among them or the second; all of them without. */
  readonly half?: 0 | 1;
}

/** The seed stands still, so that a long walk can be compared with the one before. */
export const LONG_WALK = { runs: 5_000, seed: 1_795_277_441 } as const;

/**
 * `runs` random bodies for every operation that takes one, over HTTP: never a 5xx, never an
 * undeclared answer.
 */
export function fuzzEveryOperation({ runs, seed, half }: Walk): void {
  console.info(`fuzz: SEED=${seed}`);
  describe('random bodies over HTTP', () => {
    it.each(withBody.filter((_, index) => half === undefined || index % 2 === half))(
      `never break an operation, ${runs} times: %s`,
      { timeout: 1_800_000 },
      async (_, operation) => {
        if (!operation.body) return;
        const bodies = fc.sample(randomBodies(operation.body), { seed, numRuns: runs });
        expect(await fuzz(operation, await openTenant(), bodies)).toEqual([]);
      },
    );
  });
}
