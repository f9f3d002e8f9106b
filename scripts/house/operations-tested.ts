/**
 * Every operation of the contract has its own test file,
 * test/services/<service>/<verb-noun>.test.ts, with a `describe` named after each status that the
 * operation declares. Statuses whose every code is proved for all operations at once by the suites
 * of test/contract need no `describe` of their own.
 */
import type { Finding, SourceFile, SourceTree } from './source-tree.ts';
import { syntaxOf } from './syntax.ts';

export interface TestedOperation {
  /** `<service>.<verbNoun>` */
  readonly id: string;
  readonly successes: readonly { readonly status: number }[];
  /** Codes of the error catalogue. */
  readonly errors: readonly string[];
}

export interface Contract {
  readonly operations: readonly TestedOperation[];
  statusOf(code: string): number | undefined;
  isProvedByTheSuites(code: string): boolean;
}

export function operationsTested(contract: Contract): (tree: SourceTree) => readonly Finding[] {
  return (tree) => {
    const files = new Map(tree.map((file) => [file.path, file]));
    return contract.operations.flatMap((operation) => {
      const path = testPathOf(operation.id);
      const file = files.get(path);
      if (file === undefined) return [finding(path, `write the tests of ${operation.id} here`)];
      return missing(contract, operation, file);
    });
  };
}

function missing(
  contract: Contract,
  operation: TestedOperation,
  file: SourceFile,
): readonly Finding[] {
  const described = describedStatuses(file);
  const own = operation.errors.filter((code) => !contract.isProvedByTheSuites(code));
  const statuses = [
    ...operation.successes.map(({ status }) => status),
    ...own.map((code) => contract.statusOf(code)),
  ];
  const absent = [...new Set(statuses)].filter((status) => !described.has(String(status)));
  return absent.map((status) =>
    finding(file.path, `${operation.id} declares ${status}: add a \`describe('${status}', …)\``),
  );
}

/** `gasbank.createReservation` → `test/services/gasbank/create-reservation.test.ts` */
function testPathOf(id: string): string {
  const [service = '', verbNoun = ''] = id.split('.').map(kebab);
  return `test/services/${service}/${verbNoun}.test.ts`;
}

function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

function describedStatuses(file: SourceFile): ReadonlySet<string> {
  const found = new Set<string>();
  for (const { node } of syntaxOf(file).nodes) {
    if (node.type !== 'CallExpression' || node.callee.type !== 'Identifier') continue;
    const [title] = node.arguments;
    if (node.callee.name !== 'describe' || title?.type !== 'Literal') continue;
    const status = /^\d{3}\b/.exec(String(title.value))?.[0];
    if (status !== undefined) found.add(status);
  }
  return found;
}

function finding(path: string, instead: string): Finding {
  return { path, line: 1, rule: 'operations tested', instead };
}
