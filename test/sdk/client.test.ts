/** The client made from the generated table: every operation, typed, and nothing that prints the token. */
import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, expectTypeOf, it } from 'vitest';
import type { Account, AccountPage, Client } from '../../sdk/src/index.ts';
import { createClient, OPERATIONS, paginate } from '../../sdk/src/index.ts';
import { operations } from '../../worker/contract.ts';
import { json, type ScriptedServer, startScriptedServer } from '../support/scripted-server.ts';

let server: ScriptedServer;
let client: Client;
beforeAll(async () => {
  server = await startScriptedServer();
  client = createClient({ baseUrl: server.baseUrl, token: 'canary-token' });
});
afterAll(() => server.stop());

describe('the client', () => {
  it('has a method for every operation of the contract, and no other', () => {
    const methods = Object.entries(client).flatMap(([service, methods]) =>
      typeof methods === 'object' ? Object.keys(methods).map((name) => `${service}.${name}`) : [],
    );
    expect(methods.sort()).toStrictEqual(operations.map(({ id }) => id).sort());
    expect(Object.keys(OPERATIONS)).toHaveLength(operations.length);
  });

  it('sends the operation and gives the body of its answer', async () => {
    server.answer(json(201, { id: 'acc_1' }));
    const account = await client.accounts.createAccount({ name: 'shop' });
    expect(account).toStrictEqual({ id: 'acc_1' });
    expect(server.asked).toMatchObject([
      { method: 'POST', url: '/accounts', body: '{"name":"shop"}' },
    ]);
    expectTypeOf(account).toEqualTypeOf<Account>();
  });

  it('gives the whole answer through call', async () => {
    server.answer(json(200, { items: [], nextCursor: null }, { etag: '"v1"' }));
    const answer = await client.call('accounts.listAccounts', {});
    expect(answer).toMatchObject({ status: 200, etag: '"v1"' });
    expectTypeOf(answer.body).toEqualTypeOf<AccountPage>();
  });

  it('lists page after page with methods passed around', async () => {
    server.answer(
      json(200, { items: [{ id: 'a' }], nextCursor: 'c' }),
      json(200, { items: [{ id: 'b' }], nextCursor: null }),
    );
    const ids: string[] = [];
    for await (const { id } of paginate(client.accounts.listAccounts, { limit: 1 })) ids.push(id);
    expect(ids).toStrictEqual(['a', 'b']);
    expect(server.asked.map(({ url }) => url)).toStrictEqual([
      '/accounts?limit=1',
      '/accounts?limit=1&cursor=c',
    ]);
  });

  it('rejects an operation it does not know, a member of Object included', async () => {
    // A program in plain JavaScript can pass any text.
    for (const id of ['accounts.nothing', 'constructor', '__proto__'])
      await expect(client.call(id as 'accounts.listAccounts', {})).rejects.toMatchObject({
        code: 'client.input_invalid',
      });
  });

  it('does not show its token when it is logged', () => {
    expect(inspect(client, { depth: 9, showHidden: true })).not.toContain('canary-token');
    expect(JSON.stringify(client)).not.toContain('canary-token');
  });
});
