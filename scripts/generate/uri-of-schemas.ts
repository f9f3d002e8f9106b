/**
 * What the JSON Schema validator needs of `URL`, for a VM that has none: absolute URIs, fragments,
 * and relative references by path (RFC 3986 section 5.2, without dot segments above the root). It
 * names schemas inside one document; nothing is ever fetched.
 */
const PARTS = /^([a-z][a-z0-9+.-]*:(?:\/\/[^/?#]*)?)?([^?#]*)(\?[^#]*)?(#.*)?$/i;

export class SchemaUri {
  hash: string;
  readonly #withoutFragment: string;

  constructor(reference: string, base?: string) {
    const [, origin, path = '', query = '', fragment = ''] = PARTS.exec(reference) ?? [];
    this.hash = fragment === '#' ? '' : fragment;
    if (origin !== undefined) this.#withoutFragment = `${origin}${path}${query}`;
    else this.#withoutFragment = resolve({ path, query }, base ?? '');
  }

  get href(): string {
    if (this.hash === '') return this.#withoutFragment;
    const mark = this.hash.startsWith('#') ? '' : '#';
    return `${this.#withoutFragment}${mark}${this.hash}`;
  }
}

function resolve(
  { path, query }: { readonly path: string; readonly query: string },
  base: string,
): string {
  const [, origin = '', basePath = '', baseQuery = ''] = PARTS.exec(base) ?? [];
  if (path === '') return `${origin}${basePath}${query === '' ? baseQuery : query}`;
  const folder = basePath.slice(0, basePath.lastIndexOf('/') + 1);
  return `${origin}${withoutDots(path.startsWith('/') ? path : `${folder}${path}`)}${query}`;
}

function withoutDots(path: string): string {
  const kept: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '..') kept.splice(Math.max(1, kept.length - 1));
    else if (segment !== '.') kept.push(segment);
  }
  return kept.join('/');
}
