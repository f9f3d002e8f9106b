/**
 * Files share one isolate for speed, so storage is wiped and migrated before each test (about 6
 * ms), and what the isolate remembers of the wiped storage is forgotten with it.
 */
import { applyD1Migrations, reset } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterAll, beforeEach } from 'vitest';
import { forgetRateSlices } from '../../worker/http/admission.ts';
import { forgetCredentials } from '../../worker/http/authenticate.ts';
import { forgetAccounts, forgetSessionKey } from '../../worker/ports.ts';
import { forgetRecordedKey } from '../../worker/services/system/signing-keys.ts';

beforeEach(async () => {
  await reset();
  forgetCredentials();
  forgetRateSlices();
  forgetRecordedKey();
  forgetAccounts();
  forgetSessionKey();
  await applyD1Migrations(env.DB, env.TEST_MIGRATIONS);
});

/**
 * Alarms of a file's last test would go on after it, and Vitest calls it an error when an object
 * still asks for its code while the run ends.
 */
afterAll(async () => {
  await reset();
});
