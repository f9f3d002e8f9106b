/** `/openapi.json`: the contract, whole, as it is served now. */
import { describe, expect, it } from 'vitest';
import manifest from '../../../package.json';
import { operations } from '../../../worker/contract.ts';
import { call } from '../../support/harness.ts';
import { expectLockedDown } from './documents.ts';

/** Every `$ref` of the document. */
function references(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) =>
    name === '$ref' && typeof inner === 'string' ? [inner] : references(inner),
  );
}

describe('200', () => {
  it('is OpenAPI 3.1 of this version, for strangers too', async () => {
    const document = await call('GET /openapi.json', { token: null });
    expect(document.headers.get('content-type')).toBe('application/json');
    expect(document.body.openapi).toMatch(/^3\.1\./);
    expect(document.body.info.version).toBe(manifest.version);
    expectLockedDown(document);
  });

  it('holds every operation of the contract, and none besides', async () => {
    const { body } = await call('GET /openapi.json', { token: null });
    const listed = Object.entries<Record<string, { operationId?: string }>>(body.paths).flatMap(
      ([path, methods]) =>
        Object.entries(methods)
          .filter(([, { operationId }]) => operationId !== undefined)
          .map(([method, { operationId }]) => `${method} ${path} ${operationId}`),
    );
    expect(listed.sort()).toEqual(
      operations.map(({ id, method, path }) => `${method} ${path} ${id}`).sort(),
    );
  });

  it('refers to nothing that is not in it', async () => {
    const { body } = await call('GET /openapi.json', { token: null });
    const missing = [...new Set(references(body))].filter((reference) => {
      const path = reference.replace(/^#\//, '').split('/');
      return path.reduce((inner, part) => inner?.[part], body) === undefined;
    });
    expect(missing).toEqual([]);
  });
});
