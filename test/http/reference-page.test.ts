/** The reference pages: complete, escaped, of one origin, and reachable by the anchors that problems point at. */
import { describe, expect, it } from 'vitest';
import type { ErrorCode } from '../../worker/core/errors.ts';
import { ERRORS } from '../../worker/core/errors.ts';
import { buildOpenApi } from '../../worker/http/openapi.ts';
import { listOperations } from '../../worker/http/openapi-document.ts';
import { toProblem } from '../../worker/http/problem.ts';
import { renderErrors, renderErrorsPage } from '../../worker/http/reference-errors.ts';
import { renderCurl, renderReference } from '../../worker/http/reference-page.ts';
import { REFERENCE_CSS } from '../../worker/http/reference-style.ts';
import { sampleOperations } from '../support/sample-contract.ts';

const document = buildOpenApi(sampleOperations, { version: '1' });
const page = renderReference(document);
const errorsPage = renderErrorsPage(ERRORS);

describe('the reference', () => {
  it('has a section for every operation and schema, and every link inside it leads somewhere', () => {
    const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    const links = [...page.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id);
    for (const { id } of sampleOperations) expect(ids).toContain(id);
    expect(links.filter((id) => !ids.includes(id))).toStrictEqual([]);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('shows codes, scope, bounds and the withdrawal of operations', () => {
    for (const text of [
      'quota.exceeded',
      'secrets:write',
      'At most 4096 bytes',
      'ends 2027-05-01',
      'at most 500',
    ])
      expect(page).toContain(text);
  });

  it('lets no text of the contract become markup', () => {
    expect(page).toContain('Adds one &lt;b&gt;book&lt;/b&gt; &amp; keeps it.');
    const [operation] = sampleOperations;
    const hostile = '"><script>alert(1)</script>`<img src=x>`';
    const attacked = renderReference(
      buildOpenApi(
        operation
          ? [
              {
                ...operation,
                summary: hostile,
                description: `- ${hostile}`,
                example: { response: hostile },
              },
            ]
          : [],
        { version: hostile },
      ),
    );
    expect(attacked).not.toMatch(/<script|<img/);
  });

  it.each([
    ['reference', page],
    ['errors', errorsPage],
  ])('needs no script, no inline style and no other host (%s)', (_, html) => {
    expect(html).not.toMatch(/<script|<style| style=| on\w+=|javascript:/i);
    expect(html).not.toMatch(/(src|href)="(https?:)?\/\//i);
    expect(REFERENCE_CSS).not.toMatch(/url\(|@import/);
  });
});

describe('the example of an operation', () => {
  const curlOf = (id: string): string => {
    const placed = listOperations(document).find(({ operation }) => operation.operationId === id);
    return placed ? renderCurl(placed) : '';
  };

  it('fills path and query from the example and sends the token only where one is asked for', () => {
    expect(curlOf('library.listBooks')).toContain(
      '"$SERVICE_LAYER_ADDR/accounts/acc_one/books?limit=2"',
    );
    expect(curlOf('library.listBooks')).toContain('Bearer $SERVICE_LAYER_TOKEN');
    expect(curlOf('library.getHealth')).toBe('curl "$SERVICE_LAYER_ADDR/healthz"');
    expect(curlOf('library.createBook')).toContain(`-d '{"name":"Faust"}'`);
  });
});

describe('the errors', () => {
  it('explains every code at the anchor its problems point to', () => {
    const markdown = renderErrors(ERRORS);
    for (const code of Object.keys(ERRORS) as ErrorCode[]) {
      const anchor = toProblem({ code }, 'req').type.replace('/docs/errors#', '');
      expect(errorsPage).toContain(`<section id="${anchor}">`);
      expect(markdown).toContain(`<a id="${anchor}"></a>\n\n## \`${code}\``);
    }
  });

  it('gives no two codes one anchor', () => {
    const anchors = Object.keys(ERRORS).map((code) => code.replace(/[._]/g, '-'));
    expect(new Set(anchors).size).toBe(anchors.length);
  });
});
