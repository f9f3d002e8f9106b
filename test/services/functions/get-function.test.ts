/** Reading a function: what it shows, and to whom. */
import { describe, expect, it } from 'vitest';
import { openTenant } from '../../support/harness.ts';
import { created, TRIPLE, updated } from './functions-under-test.ts';

describe('200', () => {
  it('shows the active and the newest version, and the tag that an update asks for', async () => {
    const tenant = await openTenant();
    const { id, activeVersion } = await created(tenant);
    await updated(tenant, id, { source: TRIPLE });
    const answer = await tenant.call(`GET /functions/${id}`);
    expect(answer.headers.get('etag')).toBe('"r2"');
    expect(answer.body.activeVersion).toEqual(activeVersion);
    expect(answer.body.latestVersion).toMatchObject({ number: 2, state: 'validating' });
  });

  it('holds no source', async () => {
    const tenant = await openTenant();
    const { id } = await created(tenant, { source: '() => "a-word-of-the-source"' });
    expect((await tenant.call(`GET /functions/${id}`)).text).not.toContain('a-word-of-the-source');
  });
});

describe('404', () => {
  it('hides the function of another tenant behind the same answer as an absent one', async () => {
    const [owner, stranger] = [await openTenant(), await openTenant('stranger')];
    const { id } = await created(owner);
    const hidden = await stranger.call(`GET /functions/${id}`);
    const absent = await stranger.call('GET /functions/fn_01k4j8x1e0e4r9v2m3n5p6q7rs');
    expect(hidden.status).toBe(404);
    expect({ ...hidden.body, requestId: '' }).toEqual({ ...absent.body, requestId: '' });
  });

  it('is the answer once it is deleted', async () => {
    const tenant = await openTenant();
    const { id } = await created(tenant);
    await tenant.call(`DELETE /functions/${id}`);
    expect((await tenant.call(`GET /functions/${id}`)).status).toBe(404);
  });
});
