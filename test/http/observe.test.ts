/** The one log line of a request: whole for what is ours, and closed to what a stranger writes into a path. */
import { afterEach, expect, it, vi } from 'vitest';
import { callAltered } from '../support/altered-platform.ts';
import { openAccount } from '../support/harness.ts';

afterEach(() => vi.restoreAllMocks());

async function linesOf(request: string): Promise<readonly string[]> {
  const written = vi.spyOn(console, 'log').mockImplementation(() => undefined);
  await callAltered({ LOG_LEVEL: 'info' }, request, { token: null });
  return written.mock.calls.map(([line]) => String(line));
}

it('names the account of the path', async () => {
  const accountId = await openAccount();
  const [line = ''] = await linesOf(`GET /accounts/${accountId}`);
  expect(JSON.parse(line)).toMatchObject({ event: 'request', status: 401, account: accountId });
});

it('repeats nothing of a path that names no account', async () => {
  const forged = `\u202e\u001b[2J${'x'.repeat(8_000)}`;
  const [line = ''] = await linesOf(`GET /accounts/${encodeURIComponent(forged)}`);
  expect(line).toContain('"status":401');
  expect(line).not.toContain('\u202e');
  expect(line.length).toBeLessThan(1_000);
});
