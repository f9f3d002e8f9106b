/** Headers of an operation that is being withdrawn, as RFC 9745 and RFC 8594 write them. */
import { describe, expect, it } from 'vitest';
import { deprecationHeaders } from '../../worker/http/deprecation.ts';

const withdrawn = (since: string, sunset: string) => ({
  id: 'library.burnBook' as const,
  deprecated: { since, sunset, successor: 'library.updateBook' },
});

describe('deprecationHeaders', () => {
  it('adds nothing to an operation that stays', () => {
    expect(deprecationHeaders({ id: 'library.listBooks' })).toStrictEqual({});
  });

  it('writes the structured date of RFC 9745 and the HTTP date of RFC 8594', () => {
    expect(
      deprecationHeaders(withdrawn('2023-06-30T23:59:59Z', '2028-12-31T23:59:59Z')),
    ).toMatchObject({ Deprecation: '@1688169599', Sunset: 'Sun, 31 Dec 2028 23:59:59 GMT' });
  });

  it('links to the successor and to the page of the operation', () => {
    const { Link } = deprecationHeaders(withdrawn('2026-01-01T00:00:00Z', '2027-01-01T00:00:00Z'));
    expect(Link).toContain('</docs#library.updateBook>; rel="successor-version"');
    expect(Link).toContain('</docs#library.burnBook>; rel="deprecation"');
  });

  it('refuses a contract whose times are malformed or in the wrong order', () => {
    expect(() => deprecationHeaders(withdrawn('soon', '2027-01-01T00:00:00Z'))).toThrow();
    expect(() =>
      deprecationHeaders(withdrawn('2027-01-02T00:00:00Z', '2027-01-01T00:00:00Z')),
    ).toThrow();
  });
});
