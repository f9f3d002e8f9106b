/**
 * The reference served at `/docs`, made from the document alone: whatever `/openapi.json` says
 * stands here in words. Pure text, no script and nothing of another host; the style is
 * `/docs/reference.css`. Every operation's anchor is its id.
 */
import {
  listOperations,
  type OpenApiDocument,
  type OpenApiResponse,
  type PlacedOperation,
} from './openapi-document.ts';
import { toAnchor } from './problem.ts';
import { escapeHtml, renderInline, renderJson, renderPage, renderProse } from './reference-html.ts';
import { renderFieldTable, renderMeaning, renderTable, renderTypeOf } from './reference-schema.ts';

export { renderErrorsPage } from './reference-errors.ts';
export { REFERENCE_CSS } from './reference-style.ts';

export function renderReference(document: OpenApiDocument): string {
  const services = Map.groupBy(listOperations(document), ({ operation }) => operation.tags[0]);
  const { title, version, description } = document.info;
  return renderPage({
    title: `${title} reference`,
    navigation: renderNavigation(document, services),
    main: [
      `<h1>${escapeHtml(title)}</h1>`,
      `<p class="quiet">Version ${escapeHtml(version)} · <a href="/openapi.json">OpenAPI document</a> ·`,
      '<a href="/docs/errors">error codes</a></p>',
      renderProse(description),
      ...[...services].map(([service, operations]) =>
        [
          `<h2 id="service-${escapeHtml(service)}">${escapeHtml(service)}</h2>`,
          ...operations.map((placed) => renderOperation(document, placed)),
        ].join('\n'),
      ),
      '<h2 id="schemas">Schemas</h2>',
      ...Object.entries(document.components.schemas).map(([name, schema]) =>
        [
          `<section id="schema-${escapeHtml(name)}"><h3>${escapeHtml(name)}</h3>`,
          renderProse(schema.description ?? ''),
          `${renderFieldTable(document, schema)}</section>`,
        ].join('\n'),
      ),
    ].join('\n'),
  });
}

function renderNavigation(
  document: OpenApiDocument,
  services: ReadonlyMap<string, readonly PlacedOperation[]>,
): string {
  const link = (href: string, text: string) =>
    `<li><a href="#${escapeHtml(href)}">${escapeHtml(text)}</a></li>`;
  const parts = [...services].map(
    ([service, operations]) =>
      `<h2>${escapeHtml(service)}</h2>\n<ul>${operations
        .map(({ operation }) => link(operation.operationId, operation.summary))
        .join('')}</ul>`,
  );
  const schemas = Object.keys(document.components.schemas).map((name) =>
    link(`schema-${name}`, name),
  );
  return `${parts.join('\n')}\n<h2>schemas</h2>\n<ul>${schemas.join('')}</ul>`;
}

function renderOperation(document: OpenApiDocument, placed: PlacedOperation): string {
  const { method, path, operation } = placed;
  const body = operation.requestBody?.content['application/json'];
  const bytesMax = operation['x-body-bytes-max'];
  return [
    `<section id="${escapeHtml(operation.operationId)}">`,
    `<h3>${escapeHtml(operation.summary)}</h3>`,
    `<p class="place"><span class="method ${method}">${method}</span> ${escapeHtml(path)}</p>`,
    renderWithdrawal(placed),
    renderProse(operation.description),
    `<p class="quiet">${renderAccess(placed)} <code>${escapeHtml(operation.operationId)}</code></p>`,
    renderParameters(placed),
    ...(body?.schema
      ? [
          '<h4>Body</h4>',
          bytesMax === undefined ? '' : `<p class="quiet">At most ${bytesMax} bytes of JSON.</p>`,
          renderFieldTable(document, body.schema),
        ]
      : []),
    '<h4>Answers</h4>',
    renderAnswers(operation.responses),
    '<h4>Example</h4>',
    `<pre><code>${escapeHtml(renderCurl(placed))}</code></pre>`,
    ...renderExampleAnswer(placed),
    '</section>',
  ]
    .filter((part) => part !== '')
    .join('\n');
}

function renderWithdrawal({ operation }: PlacedOperation): string {
  const withdrawn = operation['x-deprecated'];
  if (!withdrawn) return '';
  const successor = escapeHtml(withdrawn.successor);
  const since = `Deprecated since ${escapeHtml(withdrawn.since)}, ends ${escapeHtml(withdrawn.sunset)}.`;
  return `<p class="warning">${since} Use <a href="#${successor}">${successor}</a>.</p>`;
}

function renderAccess({ operation }: PlacedOperation): string {
  const scope = `<code>${escapeHtml(operation['x-scope'] ?? '')}</code>`;
  return {
    public: 'Open to anyone.',
    operator: 'Needs an operator token.',
    authenticated: 'Needs any valid credential.',
    account: `Needs a key of the account with the scope ${scope}, or an operator token.`,
  }[operation['x-access']];
}

function renderParameters({ operation }: PlacedOperation): string {
  const { parameters = [] } = operation;
  if (parameters.length === 0) return '';
  const rows = parameters.map(({ name, in: place, required, description, schema }) => [
    `<code>${escapeHtml(name)}</code><br><span class="quiet">${place}${required ? '' : ', optional'}</span>`,
    renderTypeOf(schema),
    renderMeaning({ ...schema, description }),
  ]);
  return `<h4>Parameters</h4>\n${renderTable(['Name', 'Type', 'Meaning'], rows)}`;
}

const renderAnswers = (responses: Readonly<Record<string, OpenApiResponse>>): string =>
  renderTable(
    ['Status', 'Meaning', 'Body'],
    Object.entries(responses).map(([status, response]) => [
      escapeHtml(status),
      response['x-codes']
        ? response['x-codes'].map(renderCodeLink).join('<br>')
        : renderInline(response.description),
      Object.entries(response.content ?? {})
        .map(([type, { schema }]) => (schema ? renderTypeOf(schema) : escapeHtml(type)))
        .join('<br>'),
    ]),
  );

const renderCodeLink = (code: string): string =>
  `<a href="/docs/errors#${toAnchor(code)}"><code>${escapeHtml(code)}</code></a>`;

function renderExampleAnswer({ operation }: PlacedOperation): readonly string[] {
  const media = Object.values(operation.responses).flatMap(({ content }) =>
    Object.values(content ?? {}),
  );
  const example = media.find((each) => each.example !== undefined)?.example;
  return example === undefined ? [] : [renderJson(example)];
}

/**
 * A command line that works once the two variables are set; a name in braces is left where there is
 * no example.
 */
export function renderCurl({ method, path, operation }: PlacedOperation): string {
  const parameters = operation.parameters ?? [];
  const filled = path.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const example = parameters.find((each) => each.in === 'path' && each.name === name)?.example;
    return example === undefined ? whole : encodeURIComponent(example);
  });
  const query = new URLSearchParams(
    parameters.flatMap(({ in: place, name, example }) =>
      place === 'query' && example !== undefined ? [[name, example]] : [],
    ),
  );
  const body = operation.requestBody?.content['application/json'].example;
  const verb = method === 'get' ? '' : `-X ${method.toUpperCase()} `;
  return [
    `curl ${verb}"$SERVICE_LAYER_ADDR${filled}${query.size > 0 ? `?${query.toString()}` : ''}"`,
    ...(operation.security.length > 0 ? ['-H "Authorization: Bearer $SERVICE_LAYER_TOKEN"'] : []),
    ...(body === undefined
      ? []
      : [
          '-H "Content-Type: application/json"',
          `-d '${JSON.stringify(body).replaceAll("'", String.raw`'\''`)}'`,
        ]),
  ].join(' \\\n  ');
}
