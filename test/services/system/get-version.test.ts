/** Which version runs: what package.json says, and what a replay needs. */
import { describe, expect, it } from 'vitest';
import manifest from '../../../package.json';
import { RUNTIMES } from '../../../worker/runtimes/generated/index.ts';
import { callAltered } from '../../support/altered-platform.ts';
import { call, keyOf, openAccount } from '../../support/harness.ts';

describe('200', () => {
  it('answers the version of package.json and the runtime that executes now', async () => {
    expect((await call('GET /system/version')).body).toEqual({
      version: manifest.version,
      apiVersion: 'v1',
      runtimeVersion: RUNTIMES[0].runtimeVersion,
      environment: 'development',
    });
  });

  it('names the deployment it runs in, and production when nobody said', async () => {
    const staging = await callAltered({ ENVIRONMENT: 'staging' }, 'GET /system/version');
    expect(staging.body.environment).toBe('staging');
    const unset = await callAltered({ ENVIRONMENT: undefined }, 'GET /system/version');
    expect(unset.body.environment).toBe('production');
  });

  it('answers a key of any scope, since it tells nothing of an account', async () => {
    const token = await keyOf(await openAccount(), { scopes: ['events:read'] });
    expect((await call('GET /system/version', { token })).status).toBe(200);
  });

  it('is not told to strangers, who would look up its known holes', async () => {
    const refused = await call('GET /system/version', { token: null });
    expect(refused.status).toBe(401);
  });
});
