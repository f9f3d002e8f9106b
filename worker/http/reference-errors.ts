/**
 * The catalogue of errors for people: docs/errors.md and the page at `/docs/errors`, which every
 * problem's `type` points into. Both come from core/errors.ts, so a code cannot exist without its
 * explanation.
 */
import type { ErrorEntry } from '../core/errors.ts';
import { toAnchor } from './problem.ts';
import { escapeHtml, renderInline, renderPage } from './reference-html.ts';

type Catalogue = Readonly<Record<string, ErrorEntry>>;

const INTRODUCTION =
  'Every refusal and failure is `application/problem+json` (RFC 9457). `code` never changes, `title` and `detail` may.';

const repeatable = ({ retryable }: ErrorEntry): string =>
  retryable ? 'The same request can succeed later.' : 'The same request will fail again.';

/** Markdown; the caller adds the mark of generated files. */
export function renderErrors(errors: Catalogue): string {
  const entries = Object.entries(errors).map(([code, entry]) => {
    const heading = `<a id="${toAnchor(code)}"></a>\n\n## \`${code}\``;
    return `${heading}\n\n${entry.status} · ${entry.title}. ${repeatable(entry)}\n\n${entry.help}\n`;
  });
  return `# Errors\n\n${INTRODUCTION}\n\n${entries.join('\n')}`;
}

export function renderErrorsPage(errors: Catalogue): string {
  const codes = Object.entries(errors);
  const links = codes.map(
    ([code]) => `<li><a href="#${toAnchor(code)}">${escapeHtml(code)}</a></li>`,
  );
  return renderPage({
    title: 'Error codes',
    navigation: `<p><a href="/docs">Reference</a></p>\n<h2>codes</h2>\n<ul>${links.join('')}</ul>`,
    main: [
      '<h1>Error codes</h1>',
      `<p>${renderInline(INTRODUCTION)}</p>`,
      ...codes.map(([code, entry]) =>
        [
          `<section id="${toAnchor(code)}"><h2><code>${escapeHtml(code)}</code></h2>`,
          `<p>${entry.status} · ${escapeHtml(entry.title)}. ${repeatable(entry)}</p>`,
          `<p>${renderInline(entry.help)}</p></section>`,
        ].join('\n'),
      ),
    ].join('\n'),
  });
}
