/**
 * Files share one isolate for speed, so storage is wiped and made anew before each test, and what
 * the isolate remembers of the wiped storage is forgotten with it. The schema travels as one
 * statement, since it does so before every test.
 */
import { reset } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterAll, beforeEach, vi } from 'vitest';
import { forgetClients } from '../../worker/chain/network-client.ts';
import { loaded as loadedByPorts } from '../../worker/entrypoints/loaded.ts';
import { forgetRateSlices } from '../../worker/http/admission.ts';
import { forgetCredentials } from '../../worker/http/authenticate.ts';
import { loaded } from '../../worker/loaded.ts';
import { forgetAccounts, forgetSessionKey } from '../../worker/ports.ts';
import { forgetStandings } from '../../worker/services/chain/networks.ts';
import { forgetPriceLists } from '../../worker/services/metering/price-lists.ts';
import { forgetDataKeys } from '../../worker/services/secrets/data-keys.ts';
import { forgetRecordedKey } from '../../worker/services/system/signing-keys.ts';

// Here a module is asked of the host, and a request cannot wait for what another one has asked for.
for (const load of [...Object.values(loaded), ...Object.values(loadedByPorts)]) await load();

beforeEach(async () => {
  // A file that shares support with another does not run the hooks of it once more.
  vi.unstubAllGlobals();
  vi.useRealTimers();
  await renewStorage();
  forgetClients();
  forgetStandings();
  forgetCredentials();
  forgetRateSlices();
  forgetRecordedKey();
  forgetAccounts();
  forgetSessionKey();
  forgetDataKeys();
  forgetPriceLists();
});

const RENEWALS_MAX = 5;

/** What a request of the test before still does can hold on to the old database: then once more. */
async function renewStorage(attempt = 1): Promise<void> {
  await reset();
  try {
    await env.DB.prepare(env.TEST_SCHEMA).run();
  } catch (thrown) {
    if (attempt === RENEWALS_MAX) throw thrown;
    await renewStorage(attempt + 1);
  }
}

/**
 * Alarms of a file's last test would go on after it, and Vitest calls it an error when an object
 * still asks for its code while the run ends.
 */
afterAll(async () => {
  await reset();
});
