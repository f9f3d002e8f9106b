/**
 * Host calls of a function against an outside that lies: redirects, echoes and forged marks.
 * `fetch` is the outside.
 */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { openWith, ran, storeSecret } from './runs-under-test.ts';

afterEach(() => vi.unstubAllGlobals());

const SECRET = 'canary-7b21-secret';

/** Answers by host and path, and keeps what reached it. */
function outside(answer: (url: URL) => Response) {
  const asked: { readonly url: string; readonly body: string }[] = [];
  vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
    const body = init.body instanceof Uint8Array ? new TextDecoder().decode(init.body) : '';
    asked.push({ url, body });
    return answer(new URL(url));
  });
  return asked;
}

const POST = `async (params, secrets) => {
  const answer = await Devpack.http.fetch('https://api.example.com/', { method: 'POST', body: secrets.token });
  return { status: answer.status };
}`;

async function openWithSecret(source: string) {
  const opened = await openWith(source, {
    secrets: ['token'],
    permissions: { httpHosts: ['api.example.com'] },
  });
  await storeSecret(opened.tenant, 'token', { value: SECRET, grants: [opened.functionId] });
  return opened;
}

describe('a host that the function may call', () => {
  it('cannot send it on, with what it carries, to a host that it may not call', async () => {
    const { tenant, functionId } = await openWithSecret(POST);
    const asked = outside(({ host }) =>
      host === 'api.example.com'
        ? new Response(null, { status: 307, headers: { location: 'https://thief.example.net/' } })
        : new Response('taken'),
    );
    const execution = await ran(tenant, functionId);
    expect(asked.map(({ url }) => url)).toEqual(['https://api.example.com/']);
    expect(execution).toMatchObject({ status: 'failed' });
    expect(execution.error.message).toContain('redirect');
  });

  it('cannot have a secret stored by echoing it in a forged mark of the door', async () => {
    const { tenant, functionId } = await openWithSecret(POST);
    outside(() => new Response(null, { status: 403, headers: { 'x-egress-refused': SECRET } }));
    const execution = await ran(tenant, functionId);
    const journal = await tenant.call(`GET /executions/${execution.id}/journal`);
    expect(journal.status).toBe(200);
    expect(journal.text).not.toContain(SECRET);
  });
});
