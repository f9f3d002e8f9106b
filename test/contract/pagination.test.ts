/**
 * Pages over random inserts: whatever is added between two pages, each item that was there at the
 * start is shown exactly once and nothing is shown twice. Walked over every operation that answers
 * a page; SEED repeats a run.
 */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { operations } from '../../worker/contract.ts';
import type { Operation } from '../../worker/http/operation.ts';
import { openTenant, type Tenant } from '../support/harness.ts';
import { insertInto, makeValid, send, type Valid, withQuery } from './fixtures.ts';

const isList = ({ method, query }: Operation): boolean =>
  method === 'get' && query !== undefined && 'cursor' in query.shape;
const lists = operations.filter(isList).map((operation) => [operation.id, operation] as const);

const seed = Math.trunc(Date.now() / 1_000);
console.info(`pagination: SEED=${seed}`);

/** Rounds of: how many items are added, then one page of how many. */
const walks = fc.array(fc.record({ added: fc.nat(2), limit: fc.integer({ min: 1, max: 4 }) }), {
  minLength: 3,
  maxLength: 6,
});

interface Item {
  readonly id?: string;
  readonly version?: number;
  readonly sequence?: number;
  readonly height?: number;
}
const nameOf = ({ id, version, sequence, height }: Item): string =>
  String(id ?? version ?? sequence ?? height);

interface Page {
  readonly names: readonly string[];
  readonly nextCursor: string | null;
}

async function readPage(
  valid: Valid,
  tenant: Tenant,
  limit: number,
  cursor?: string,
): Promise<Page> {
  const more = cursor === undefined ? '' : `&cursor=${cursor}`;
  const answer = await send(
    { ...valid, path: withQuery(valid.path, `limit=${limit}${more}`) },
    tenant,
  );
  expect(answer.status, answer.text).toBe(200);
  expect(answer.body.items.length).toBeLessThanOrEqual(limit);
  return { names: answer.body.items.map(nameOf), nextCursor: answer.body.nextCursor };
}

/** Reads to the end; a page is asked for after each round of inserts, the rest without more. */
async function walk(
  valid: Valid,
  tenant: Tenant,
  rounds: readonly { readonly added: number; readonly limit: number }[],
): Promise<readonly string[]> {
  const insert = insertInto(valid.operation);
  const seen: string[] = [];
  let cursor: string | undefined;
  for (let turn = 0; turn < 200; turn += 1) {
    const { added, limit } = rounds[turn] ?? { added: 0, limit: 3 };
    const page = await readPage(valid, tenant, limit, cursor);
    seen.push(...page.names);
    if (page.nextCursor === null) return seen;
    cursor = page.nextCursor;
    for (let index = 0; index < added; index += 1) await insert(tenant, valid.path);
  }
  throw new Error('the list has no end');
}

describe('a list', () => {
  it.each(lists)('loses and repeats nothing while items are added: %s', async (_, operation) => {
    const tenant = await openTenant();
    const valid = await makeValid(operation, tenant);
    const insert = insertInto(operation);
    for (let index = 0; index < 5; index += 1) await insert(tenant, valid.path);
    for (const rounds of fc.sample(walks, { seed, numRuns: 3 })) {
      const before = (await readPage(valid, tenant, 500)).names;
      const seen = await walk(valid, tenant, rounds);
      expect(new Set(seen).size, 'nothing twice').toBe(seen.length);
      expect(
        before.filter((name) => !seen.includes(name)),
        'nothing lost',
      ).toEqual([]);
    }
  });
});
