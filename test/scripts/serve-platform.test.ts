/** Migrations and the outbound door under a real local runtime. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { convertV4MiniflareOptions, Miniflare, Response } from 'miniflare';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { applyMigrations } from '../../scripts/serve/migrations.ts';
import { createOutboundDoor } from '../../scripts/serve/outbound.ts';
import { parseEgressAllowance } from '../../worker/core/egress/policy.ts';

const SCRIPT = `export default {
  async fetch(request) {
    const target = new URL(request.url).searchParams.get('to');
    const answer = await fetch(target, { redirect: 'manual' });
    return Response.json({
      status: answer.status,
      refused: answer.headers.get('x-egress-refused'),
      location: answer.headers.get('location'),
      text: await answer.text(),
    });
  },
};`;

let runtime: Miniflare;
let server: Server;
let origin = '';
let folder = '';
let listener: RequestListener = (_request, response) => void response.end();

beforeAll(async () => {
  server = createServer((request, response) => listener(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A TCP server that listens has an address with a port.
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const allowance = parseEgressAllowance(origin);
  const door = createOutboundDoor({ allow: allowance === undefined ? [] : [allowance] });
  runtime = new Miniflare(
    convertV4MiniflareOptions({
      name: 'probe',
      modules: true,
      script: SCRIPT,
      compatibilityDate: '2026-11-01',
      cf: false,
      d1Databases: { DB: 'migrations' },
      outboundService: async (request) => {
        const { status, headers, body } = await door(request);
        return new Response(body, { status, headers });
      },
    }),
  );
  await runtime.ready;
});

afterAll(async () => {
  await runtime.dispose();
  server.closeAllConnections();
  server.close();
});

async function fetchThrough(target: string): Promise<unknown> {
  const response = await runtime.dispatchFetch(`http://probe/?to=${encodeURIComponent(target)}`);
  return response.json();
}

describe('a fetch of a Worker', () => {
  it('passes the door, which the runtime offers no way around', async () => {
    for (const target of ['http://169.254.169.254/', 'https://localhost/', 'http://127.0.0.1:1/']) {
      expect(await fetchThrough(target)).toMatchObject({
        status: 403,
        refused: expect.any(String),
      });
    }
  });

  it('sees a redirect instead of following it', async () => {
    const paths: (string | undefined)[] = [];
    listener = (request, response) => {
      paths.push(request.url);
      response.writeHead(302, { location: 'http://169.254.169.254/' }).end();
    };
    expect(await fetchThrough(`${origin}/start`)).toMatchObject({
      status: 302,
      location: 'http://169.254.169.254/',
    });
    expect(paths).toEqual(['/start']);
  });

  it('gets an allowed answer whole', async () => {
    listener = (_request, response) => void response.end('x'.repeat(100_000));
    expect(await fetchThrough(`${origin}/`)).toMatchObject({
      status: 200,
      text: 'x'.repeat(100_000),
    });
  });
});

describe('applyMigrations', () => {
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'migrations-'));
    const database = await runtime.getD1Database('DB');
    for (const table of ['d1_migrations', 'one', 'two']) {
      await database.prepare(`DROP TABLE IF EXISTS ${table}`).run();
    }
    return () => rmSync(folder, { recursive: true, force: true });
  });

  const write = (name: string, sql: string) => writeFileSync(join(folder, name), sql);

  async function tables(): Promise<readonly unknown[]> {
    const database = await runtime.getD1Database('DB');
    const names = "SELECT name FROM sqlite_master WHERE name IN ('one', 'two') ORDER BY name";
    return (await database.prepare(names).all()).results.map((row) => Object.values(row)[0]);
  }

  it('applies each file once, in the order of its number', async () => {
    const database = await runtime.getD1Database('DB');
    write('0010_two.sql', 'ALTER TABLE one ADD COLUMN b TEXT; CREATE TABLE two (a TEXT);');
    write('0002_one.sql', "CREATE TABLE one (a TEXT); INSERT INTO one VALUES ('x;y'); -- end;\n");
    write('README.md', 'no migration');
    expect(await applyMigrations(database, folder)).toEqual(['0002_one.sql', '0010_two.sql']);
    expect(await applyMigrations(database, folder)).toEqual([]);
    const rows = await database.prepare('SELECT a FROM one').all();
    expect(rows.results).toEqual([{ a: 'x;y' }]);
    const applied = await database.prepare('SELECT name FROM d1_migrations ORDER BY id').all();
    expect(applied.results).toEqual([{ name: '0002_one.sql' }, { name: '0010_two.sql' }]);
  });

  it('leaves neither effect nor record of a file that fails', async () => {
    const database = await runtime.getD1Database('DB');
    write('0001_one.sql', 'CREATE TABLE one (a TEXT);');
    write('0002_bad.sql', 'CREATE TABLE two (a TEXT); INSERT INTO absent VALUES (1);');
    await expect(applyMigrations(database, folder)).rejects.toThrow();
    expect(await tables()).toEqual(['one']);
    write('0002_bad.sql', 'CREATE TABLE two (a TEXT);');
    expect(await applyMigrations(database, folder)).toEqual(['0002_bad.sql']);
  });
});
