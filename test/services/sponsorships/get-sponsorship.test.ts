/** `GET .../sponsorships/{sponsorshipId}`. */
import { describe, expect, it } from 'vitest';
import { openTenant } from '../../support/harness.ts';
import { openSponsoring, prepared, read } from './sponsorships-under-test.ts';

describe('200', () => {
  it('tells what is to be signed and what it costs, as it was answered', async () => {
    const sponsoring = await openSponsoring();
    const made = await prepared(sponsoring);
    expect(await read(sponsoring, made.body.id)).toEqual(made.body);
  });
});

describe('404', () => {
  it('knows nothing of another account', async () => {
    const made = await prepared(await openSponsoring());
    const stranger = await openTenant('stranger');
    expect((await stranger.call(`GET /gasbank/sponsorships/${made.body.id}`)).status).toBe(404);
  });
});
