import { afterEach, describe, expect, test, vi } from 'vitest';
import { bridgeWith, nextMasterKey, owner, sealedSecret, stranger } from './bridge-under-test.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

/** What was written while `act` ran; the log of the platform is the outside here. */
async function linesOf(act: () => Promise<unknown>): Promise<readonly string[]> {
  const lines: string[] = [];
  vi.spyOn(console, 'log').mockImplementation((line: string) => void lines.push(line));
  await act();
  return lines;
}

describe('the log of the bridge', () => {
  test('says which check refused, and holds neither key, value nor name', async () => {
    const at = bridgeWith({ LOG_LEVEL: 'info' });
    const other = bridgeWith({ LOG_LEVEL: 'info', SECRET_ENCRYPTION_KEY: nextMasterKey });
    const { wrappedKey, context, sealed } = await sealedSecret(at);
    const items = [{ context, sealed }];
    const lines = await linesOf(async () => {
      await at.open({ accountId: stranger, wrappedKey, items });
      await at.open({ accountId: owner, wrappedKey: 'canary', items });
      await other.open({ accountId: owner, wrappedKey, items });
      await at.open({ accountId: owner, wrappedKey, items: [{ context: ['canary'], sealed }] });
      await at.open({ accountId: owner, wrappedKey, items });
    });
    const told = lines.map((line) => JSON.parse(line) as Record<string, string>);
    expect(told.map(({ subject, reason, accountId }) => [subject, reason, accountId])).toEqual([
      ['data_key', 'authentication_failed', stranger],
      ['data_key', 'not_an_envelope', owner],
      ['data_key', 'key_unknown', owner],
      ['item', 'authentication_failed', owner],
    ]);
    for (const canary of ['canary', 'the value', 'api-key', wrappedKey, '5e5e'])
      expect(lines.join('\n')).not.toContain(canary);
  });

  test('is silent when it is told to be', async () => {
    const at = bridgeWith({ LOG_LEVEL: 'silent' });
    const lines = await linesOf(() =>
      at.open({ accountId: owner, wrappedKey: 'canary', items: [] }),
    );
    expect(lines).toEqual([]);
  });
});
