/** What a source seems to use is stored and listed beside it, so a hostile source must not make it long. */
import { describe, expect, it } from 'vitest';
import { listUses } from '../../../worker/core/functions-runtime/source-uses.ts';

const withHosts = (hosts: readonly string[]): string =>
  `() => Devpack.http.fetch([${hosts.map((host) => `'https://${host}/'`).join()}][0])`;

describe('the hosts of a source', () => {
  it('are those written in it, each once', () => {
    const source = withHosts(['api.example.com', 'API.example.com', 'b.example.com:8443']);
    expect(listUses(source).httpHosts).toEqual(['api.example.com', 'b.example.com:8443']);
  });

  it('stay few and short, however many and long ones a source names', () => {
    const many = Array.from({ length: 20_000 }, (_, index) => `${index}.io`);
    const { httpHosts } = listUses(withHosts(['a'.repeat(200_000), ...many]));
    expect(httpHosts.length).toBeLessThanOrEqual(50);
    expect(Math.max(...httpHosts.map(({ length }) => length))).toBeLessThanOrEqual(260);
  });
});
