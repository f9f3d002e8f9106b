/** Every bound of the platform: exactly what the `limits.ts` files hold, none forgotten. */
import { describe, expect, it } from 'vitest';
import { LIMIT_GROUPS } from '../../../worker/contract.ts';
import type { Limit } from '../../../worker/core/limits.ts';
import { call } from '../../support/harness.ts';

interface Row extends Limit {
  readonly service: string;
  readonly name: string;
}

// What the bundler's glob gives is typed by nobody.
const sources = import.meta.glob('../../../{worker,durable-objects}/**/limits.ts', {
  eager: true,
}) as Readonly<Record<string, { readonly LIMITS?: Readonly<Record<string, Limit>> }>>;
const rowOf = ({ name, value, unit, reason }: Row) => ({ name, value, unit, reason });
const asText = (row: object): string => JSON.stringify(row);

describe('200', () => {
  it('lists every bound of every limits.ts with its value, unit and reason', async () => {
    const { body } = await call('GET /limits', { token: null });
    const expected = Object.values(sources).flatMap(({ LIMITS = {} }) =>
      Object.entries(LIMITS).map(([name, { value, unit, reason }]) => ({
        name,
        value,
        unit,
        reason,
      })),
    );
    expect(expected.length).toBeGreaterThan(50);
    expect(body.items.map(rowOf).map(asText).sort()).toEqual(expected.map(asText).sort());
  });

  it('gives each bound a name of its own within its service, a unit and a reason', async () => {
    const { body } = await call('GET /limits', { token: null });
    const items: readonly Row[] = body.items;
    const names = items.map(({ service, name }) => `${service}.${name}`);
    expect(new Set(names).size).toBe(names.length);
    expect(new Set(items.map(({ service }) => service))).toEqual(
      new Set(Object.keys(LIMIT_GROUPS)),
    );
    for (const { name, value, unit, reason } of items) {
      expect(Number.isFinite(value), name).toBe(true);
      expect(unit.length, name).toBeGreaterThan(0);
      expect(reason.length, name).toBeGreaterThan(5);
    }
  });

  it.each([
    ['pageSizeMax', 500],
    ['pageSizeDefault', 25],
    ['keyNameCharsMax', 128],
  ])('tells the bound %s that the API keeps', async (name, value) => {
    const { body } = await call('GET /limits', { token: null });
    expect(body.items).toContainEqual(expect.objectContaining({ name, value }));
  });
});
