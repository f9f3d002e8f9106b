/**
 * Text as HTML. Everything that comes from the contract passes `escapeHtml`; `renderProse` alone
 * makes elements of it, of exactly three kinds: paragraphs, lists and code. There is no way to
 * write raw HTML into a description.
 */
const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

export const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');

/** One line: escaped, with `code` set as code. */
export const renderInline = (text: string): string =>
  escapeHtml(text).replace(/`([^`]+)`/g, '<code>$1</code>');

/** Paragraphs apart by an empty line; lines that begin with `- ` are a list. */
export const renderProse = (text: string): string =>
  text
    .split(/\n{2,}/)
    .filter((block) => block.trim() !== '')
    .map((block) => (block.startsWith('- ') ? renderList(block) : `<p>${renderInline(block)}</p>`))
    .join('\n');

const renderList = (block: string): string => {
  const items = block.slice(2).split(/\n- /);
  return `<ul>${items.map((item) => `<li>${renderInline(item)}</li>`).join('')}</ul>`;
};

export const renderJson = (value: unknown): string =>
  `<pre><code>${escapeHtml(JSON.stringify(value, null, 2))}</code></pre>`;

export interface PageParts {
  readonly title: string;
  readonly navigation: string;
  readonly main: string;
}

/**
 * A whole page: no script, no inline style, nothing of another host, so `default-src 'none';
 * style-src 'self'` is policy enough. The skip link and the landmarks are for readers without a
 * mouse or a screen.
 */
export const renderPage = ({ title, navigation, main }: PageParts): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(title)}</title>
<link rel="stylesheet" href="/docs/reference.css">
</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
<nav aria-label="Contents">
${navigation}
</nav>
<main id="main">
${main}
</main>
</body>
</html>
`;
