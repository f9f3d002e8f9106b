/**
 * Compares the contract with the last released document and fails on a breaking change (docs/versioning.md says what
 * that is). `--release` makes the current document the released one, which is a step of a release and refused while
 * anything breaks. Before the first release there is nothing to compare with, and the check says so.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { operations } from '../worker/contract.ts';
import { buildOpenApi } from '../worker/http/openapi.ts';
import type { OpenApiDocument } from '../worker/http/openapi-document.ts';
import { VERSION } from '../worker/version.ts';
import { findBreakingChanges } from './compat/operation-changes.ts';

const RELEASED = 'docs/released/openapi-v1.json';
const ROOT = resolve(import.meta.dirname, '..');

function main(release: boolean): number {
  const path = join(ROOT, RELEASED);
  const current = buildOpenApi(operations, { version: VERSION });
  if (!existsSync(path)) {
    console.log(`${RELEASED} does not exist: nothing is released yet, nothing can break`);
  } else {
    // Written by this program from the same types.
    const released = JSON.parse(readFileSync(path, 'utf8')) as OpenApiDocument;
    const findings = findBreakingChanges({ released, current }, Date.now());
    for (const { operation, change } of findings) console.log(`${operation}: ${change}`);
    console.log(`compared with ${RELEASED}: ${findings.length} breaking changes`);
    if (findings.length > 0) return 1;
  }
  if (release) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, `${JSON.stringify(current, null, 2)}\n`);
    console.log(`${RELEASED} is now what this version promises`);
  }
  return 0;
}

process.exitCode = main(process.argv.includes('--release'));
