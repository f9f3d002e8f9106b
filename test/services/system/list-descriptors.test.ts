/** The services and their operations: the contract itself, whole and without repetition. */
import { describe, expect, it } from 'vitest';
import { operations } from '../../../worker/contract.ts';
import { call, findOperation } from '../../support/harness.ts';

interface Descriptor {
  readonly service: string;
  readonly operations: readonly {
    readonly id: string;
    readonly method: string;
    readonly path: string;
  }[];
}

describe('200', () => {
  it('lists every operation of the contract exactly once, under its service', async () => {
    const { body } = await call('GET /system/descriptors');
    const items: readonly Descriptor[] = body.items;
    const listed = items.flatMap((item) => item.operations);
    expect(listed.map(({ id }) => id).sort()).toEqual(operations.map(({ id }) => id).sort());
    for (const { service, operations: own } of items)
      for (const { id } of own) expect(id.split('.')[0]).toBe(service);
    expect(new Set(items.map(({ service }) => service)).size).toBe(items.length);
  });

  it('gives methods and paths that lead to the operation they stand beside', async () => {
    const { body } = await call('GET /system/descriptors');
    const items: readonly Descriptor[] = body.items;
    for (const { id, method, path } of items.flatMap((item) => item.operations))
      expect(findOperation(method, path)?.id).toBe(id);
  });

  it('refuses strangers', async () => {
    expect((await call('GET /system/descriptors', { token: null })).status).toBe(401);
  });
});
