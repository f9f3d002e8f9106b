/**
 * The house check (CONTRIBUTING.md): reads every file that git knows or would add, asks each rule of
 * scripts/house, and prints `path:line: rule — what to do instead`. Ends with 1 when anything was
 * found. It changes nothing, starts nothing but git, and needs no network. Two rules ask the contract
 * and the generator; when those cannot be loaded, that is itself a finding.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ERRORS } from '../worker/core/errors.ts';
import { type Generated, generatedCurrent } from './house/generated-current.ts';
import { operationsTested, type TestedOperation } from './house/operations-tested.ts';
import { RULES } from './house/rules.ts';
import { type Finding, isBinary, type SourceTree } from './house/source-tree.ts';

const ROOT = resolve(import.meta.dirname, '..');

/** Their suites walk the whole contract in test/contract, so no operation repeats them. */
const PROVED_BY_THE_SUITES = /^(request|idempotency)\./;

function readTree(): SourceTree {
  const listed = execFileSync('git', ['ls-files', '-z', '-co', '--exclude-standard'], {
    cwd: ROOT,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  return [...new Set(listed.split('\0'))]
    .filter((path) => path !== '' && isFile(join(ROOT, path)))
    .sort()
    .map((path) => ({
      path,
      text: readFileSync(join(ROOT, path), isBinary(path) ? 'latin1' : 'utf8'),
    }));
}

/** A file that was deleted but not yet committed is still listed. */
function isFile(path: string): boolean {
  return existsSync(path) && statSync(path).isFile();
}

async function askContract(tree: SourceTree): Promise<readonly Finding[]> {
  const path = 'worker/contract.ts';
  const loaded = await load(path, 'operations');
  if (!Array.isArray(loaded)) return [unusable(path, 'operations', loaded)];
  const statuses = new Map<string, number>(
    Object.entries(ERRORS).map(([code, { status }]) => [code, status]),
  );
  return operationsTested({
    // The compiler checks what the contract exports; here it is only read.
    operations: loaded as readonly TestedOperation[],
    statusOf: (code) => statuses.get(code),
    isProvedByTheSuites: (code) =>
      PROVED_BY_THE_SUITES.test(code) || (statuses.get(code) ?? 0) >= 500,
  })(tree);
}

async function askGenerator(tree: SourceTree): Promise<readonly Finding[]> {
  const path = 'scripts/generate.ts';
  const loaded = await load(path, 'generateAll');
  if (typeof loaded !== 'function') return [unusable(path, 'generateAll', loaded)];
  const made: unknown = await Promise.resolve(loaded()).catch((error: unknown) => error);
  if (!(made instanceof Map)) return [unusable(path, 'generateAll', made)];
  // As above: a map of paths to contents, by the type of generateAll.
  return generatedCurrent(made as Generated)(tree);
}

/** The named export; an Error says why there is none. */
async function load(path: string, name: string): Promise<unknown> {
  try {
    const module: unknown = await import(pathToFileURL(join(ROOT, path)).href);
    return (module as Readonly<Record<string, unknown>>)[name];
  } catch (error) {
    return error;
  }
}

function unusable(path: string, name: string, loaded: unknown): Finding {
  const reason = loaded instanceof Error ? loaded.message : `it gave ${typeof loaded}`;
  return { path, line: 1, rule: 'sources', instead: `must export ${name}: ${reason}` };
}

async function main(): Promise<number> {
  const tree = readTree();
  const findings = [
    ...RULES.flatMap((rule) => rule(tree)),
    ...(await askContract(tree)),
    ...(await askGenerator(tree)),
  ];
  for (const { path, line, rule, instead } of findings) {
    console.log(`${path}:${line}: ${rule} — ${instead}`);
  }
  console.log(`house check: ${tree.length} files, ${findings.length} findings`);
  return findings.length === 0 ? 0 : 1;
}

process.exitCode = await main();
