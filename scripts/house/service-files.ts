/**
 * The files of a service have the same names everywhere: contract, routes, service, store, tables,
 * limits, index. A large service may add files named after a thing of its domain; another word for
 * one of the seven is refused.
 */
import { posix } from 'node:path';
import { type Finding, isCode, type SourceTree } from './source-tree.ts';

const OTHER_WORDS: Readonly<Record<string, string>> = {
  api: 'contract.ts',
  schema: 'contract.ts',
  schemas: 'contract.ts',
  types: 'contract.ts',
  validation: 'contract.ts',
  validators: 'contract.ts',
  controller: 'routes.ts',
  endpoints: 'routes.ts',
  router: 'routes.ts',
  actions: 'service.ts',
  logic: 'service.ts',
  db: 'store.ts',
  queries: 'store.ts',
  repository: 'store.ts',
  model: 'tables.ts',
  models: 'tables.ts',
  config: 'limits.ts',
  constants: 'limits.ts',
};

export function serviceFiles(tree: SourceTree): readonly Finding[] {
  return tree.flatMap(({ path }) => {
    const instead = isCode(path) ? adviceFor(path) : undefined;
    return instead === undefined ? [] : [{ path, line: 1, rule: 'service files', instead }];
  });
}

function adviceFor(path: string): string | undefined {
  const [, inside] = /^worker\/services\/(.+)$/.exec(path) ?? [];
  if (inside === undefined) return undefined;
  const parts = inside.split('/');
  if (parts.length === 1) return 'give the service a folder of its own';
  const seven = OTHER_WORDS[posix.parse(inside).name];
  return seven === undefined || parts.length > 2
    ? undefined
    : `call it ${seven}, as every service does`;
}
