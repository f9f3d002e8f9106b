/**
 * The contract as data: what it promises about itself. Ids, the closed list of public operations,
 * examples that its own schemas accept, and codes that exist and are documented.
 */
import { describe, expect, it } from 'vitest';
import { ERRORS, LIMIT_GROUPS, operations } from '../../worker/contract.ts';
import { allErrors, isUnsafe, type Operation } from '../../worker/http/operation.ts';

const every = operations.map((operation) => [operation.id, operation] as const);
const pathParameters = ({ path }: Operation): readonly string[] =>
  [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
const issuesOf = (schema: Operation['body'], value: unknown) =>
  schema?.safeParse(value).error?.issues ?? [];

describe('the contract', () => {
  it('opens to the public exactly these operations', () => {
    const open = operations.filter(({ access }) => access.kind === 'public').map(({ id }) => id);
    expect(open.sort()).toEqual([
      'proofs.getProof',
      'proofs.listProofs',
      'sessions.refreshSession',
      'sessions.signOut',
      'signIn.createChallenge',
      'signIn.createSession',
      'system.getDocs',
      'system.getDocsStyle',
      'system.getErrorDocs',
      'system.getHealth',
      'system.getOpenapi',
      'system.getReadiness',
      'system.listLimits',
      'system.listSigningKeys',
      'vaults.getDepositPage',
      'vaults.getDepositScript',
    ]);
  });

  it('names each operation once, and each method of a path once', () => {
    const ids = operations.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const places = operations.map(
      ({ method, path }) => `${method} ${path.replace(/\{\w+\}/g, '{}')}`,
    );
    expect(new Set(places).size).toBe(places.length);
  });

  it('gives every bound a reason', () => {
    for (const [group, limits] of Object.entries(LIMIT_GROUPS))
      for (const [name, limit] of Object.entries(limits)) {
        expect(limit.reason.length, `${group}.${name}`).toBeGreaterThan(5);
        expect(Number.isFinite(limit.value), `${group}.${name}`).toBe(true);
      }
  });
});

describe.each(every)('%s', (_, operation) => {
  it('is named after its service and a verb with its noun', () => {
    expect(operation.id).toMatch(/^[a-z][a-zA-Z]*\.[a-z]+[A-Z][a-zA-Z]*$/);
  });

  it('has a path for its access, and a schema for each parameter of it', () => {
    const { access, path } = operation;
    const names = pathParameters(operation);
    if (access.kind === 'account') expect(path).toMatch(/^\/accounts\/\{accountId\}/);
    if (path.startsWith('/operator/')) expect(access.kind).toBe('operator');
    expect(Object.keys(operation.params?.shape ?? {}).sort()).toEqual([...names].sort());
    expect(path.replace(/\{\w+\}/g, 'x')).toMatch(/^(\/[a-z][a-z.-]*|\/x)+$/);
  });

  it('has an example that its own schemas accept', () => {
    const { example } = operation;
    if (operation.params) expect(issuesOf(operation.params, example.params)).toEqual([]);
    if (operation.query) expect(issuesOf(operation.query, example.query ?? {})).toEqual([]);
    if (operation.body) expect(issuesOf(operation.body, example.body)).toEqual([]);
    else expect(example.body).toBeUndefined();
    const [success] = operation.successes;
    if (success.schema) expect(issuesOf(success.schema, example.response)).toEqual([]);
  });

  it('answers 204 without a body and everything else with one', () => {
    for (const success of operation.successes)
      expect((success.schema ?? success.contentType) === undefined).toBe(success.status === 204);
  });

  it('has no effect that a repeated request could double unless it says how keys are kept', () => {
    if (!isUnsafe(operation)) expect(operation.idempotency).toBe('none');
    if (operation.ifMatch) expect(isUnsafe(operation)).toBe(true);
  });

  it('answers with codes of the catalogue only, in text a person can read', () => {
    for (const code of allErrors(operation)) expect(ERRORS).toHaveProperty([code]);
    expect(operation.summary).toMatch(/^[A-Z].{3,80}[^.]$/);
    expect(operation.description).toMatch(/\.$/);
  });
});
