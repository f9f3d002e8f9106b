/** Exit codes are an interface: scripts branch on them. */
import { describe, expect, it } from 'vitest';
import { run, serve } from './support/run-cli.ts';
import { problem } from './support/scripted-server.ts';

const GET = ['secret-boxes', 'get-box', 'lunch', '--account-id', 'acc_1'];

describe('the exit code', () => {
  const cases: readonly (readonly [number, string, number])[] = [
    [400, 'request.malformed', 6],
    [401, 'request.unauthenticated', 3],
    [402, 'gasbank.insufficient_funds', 7],
    [403, 'request.forbidden', 3],
    [403, 'account.suspended', 3],
    [403, 'quota.exceeded', 7],
    [404, 'request.not_found', 4],
    [405, 'request.method_not_allowed', 6],
    [409, 'secrets.name_taken', 5],
    [410, 'functions.journal_expired', 4],
    [412, 'request.precondition_failed', 5],
    [413, 'request.body_too_large', 6],
    [422, 'functions.source_invalid', 6],
    [429, 'request.rate_limited', 7],
    [500, 'internal.error', 8],
    [503, 'functions.capacity', 8],
  ];
  it.each(cases)('of %i %s is %i', async (status, code, exitCode) => {
    const server = await serve(() => problem(status, code));
    const { code: exit, err, out } = await run(GET, { addr: server.addr });
    expect(exit).toBe(exitCode);
    expect(err).toContain(`error ${code}: ${code} happened`);
    expect(out).toBe('');
  });

  it('is 8 when nobody listens', async () => {
    const server = await serve(() => ({}));
    await server.close();
    const { code, err } = await run(GET, { addr: server.addr });
    expect(code).toBe(8);
    expect(err).toContain('error client.network');
  });

  it('is 8 for a proxy’s page, whatever its status', async () => {
    const server = await serve(() => ({ status: 404, body: '<html>not here</html>' }));
    const { code, err } = await run(GET, { addr: server.addr });
    expect(code).toBe(8);
    expect(err).not.toContain('<html>');
  });

  it('is 8 for a redirect, which is not followed', async () => {
    const elsewhere = await serve(() => ({ body: {} }));
    const server = await serve(() => ({ status: 302, headers: { location: elsewhere.addr } }));
    expect((await run(GET, { addr: server.addr })).code).toBe(8);
    expect(elsewhere.seen).toHaveLength(0);
  });
});

describe('a failure', () => {
  it('names its fields, its bound and its request', async () => {
    const server = await serve(() =>
      problem(400, 'request.malformed', {
        fields: [{ pointer: '/name', detail: 'is too long' }],
        limit: 64,
        observed: 65,
        requestId: 'req_7',
      }),
    );
    const { err } = await run(GET, { addr: server.addr });
    expect(err).toContain('  /name: is too long\n');
    expect(err).toContain('  limit 64, observed 65\n');
    expect(err).toContain('  request id req_7\n');
  });

  it('is JSON on standard error with --json', async () => {
    const server = await serve(() => problem(404, 'request.not_found', { requestId: 'req_7' }));
    const { err, out } = await run([...GET, '--json'], { addr: server.addr });
    expect(out).toBe('');
    expect(JSON.parse(err)).toEqual({
      error: {
        exitCode: 4,
        code: 'request.not_found',
        detail: 'request.not_found happened',
        status: 404,
        requestId: 'req_7',
      },
    });
    const usage = await run(['secret-boxes', 'get-box', '--wrong', '--json']);
    expect(JSON.parse(usage.err)).toMatchObject({ error: { exitCode: 2, code: 'usage' } });
  });

  it('does not show the credential that a server echoes', async () => {
    const server = await serve(({ headers }) =>
      problem(400, 'request.malformed', { detail: `you sent ${String(headers.authorization)}` }),
    );
    const { err } = await run(GET, { addr: server.addr });
    expect(err).not.toContain('token-of-the-test');
  });
});
