/**
 * Every code of the catalogue has its place in the documentation, where the `type` of an error body
 * points.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ERROR_TYPE_PREFIX, ERRORS } from '../../worker/core/errors.ts';
import { toAnchor, toProblem } from '../../worker/http/problem.ts';

const page = join(import.meta.dirname, '../../docs/errors.md');
const written = existsSync(page) ? readFileSync(page, 'utf8') : undefined;
if (written === undefined)
  console.info('docs/errors.md is not generated yet: its anchors are not checked.');

// The keys of a record that is a constant.
const codes = Object.keys(ERRORS) as (keyof typeof ERRORS)[];

describe('every error code', () => {
  it('has an anchor of its own', () => {
    const anchors = codes.map(toAnchor);
    expect(new Set(anchors).size).toBe(codes.length);
    for (const anchor of anchors) expect(anchor).toMatch(/^[a-z][a-z-]*[a-z]$/);
  });

  it('is the `type` of its error body', () => {
    for (const code of codes)
      expect(toProblem({ code }, 'req_x')).toMatchObject({
        type: `${ERROR_TYPE_PREFIX}${toAnchor(code)}`,
        status: ERRORS[code].status,
        code,
      });
  });

  it('says in full sentences what to do', () => {
    for (const code of codes) {
      expect(ERRORS[code].help, code).toMatch(/^[A-Z`].{15,}[.]$/s);
      expect(ERRORS[code].title, code).not.toMatch(/[.]$/);
    }
  });

  it.skipIf(written === undefined)('is found in docs/errors.md by that anchor', () => {
    for (const code of codes) expect(written, code).toContain(`<a id="${toAnchor(code)}">`);
  });
});
