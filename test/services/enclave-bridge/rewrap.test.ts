import { describe, expect, test } from 'vitest';
import {
  bridgeWith,
  masterKey,
  nextMasterKey,
  owner,
  sealedSecret,
  stranger,
  text,
  valueOf,
} from './bridge-under-test.ts';

const before = bridgeWith({});
const rotating = bridgeWith({
  SECRET_ENCRYPTION_KEY: nextMasterKey,
  SECRET_ENCRYPTION_KEY_PREVIOUS: masterKey,
});
const after = bridgeWith({ SECRET_ENCRYPTION_KEY: nextMasterKey });

describe('rotation of the master key', () => {
  test('keeps everything readable from before the change until after it', async () => {
    const { wrappedKey, context, sealed } = await sealedSecret(before);
    const items = [{ context, sealed }];
    const request = { accountId: owner, wrappedKey };
    expect(text(valueOf(await rotating.open({ ...request, items }))[0])).toBe('the value');

    const rewrapped = valueOf(await rotating.rewrapDataKey(request));
    expect(rewrapped.changed).toBe(true);
    const moved = { accountId: owner, wrappedKey: rewrapped.wrappedKey };
    expect(text(valueOf(await after.open({ ...moved, items }))[0])).toBe('the value');
  });

  test('says which master key wrapped, so that a bounded step can find what is left', async () => {
    const old = valueOf(await before.createDataKey({ accountId: owner }));
    const made = valueOf(await rotating.createDataKey({ accountId: owner }));
    expect(made.masterKeyId).not.toBe(old.masterKeyId);
    const { wrappedKey } = old;
    const rewrapped = valueOf(await rotating.rewrapDataKey({ accountId: owner, wrappedKey }));
    expect(rewrapped.masterKeyId).toBe(made.masterKeyId);
  });

  test('changes nothing the second time', async () => {
    const { wrappedKey, masterKeyId } = valueOf(await after.createDataKey({ accountId: owner }));
    for (const at of [after, rotating])
      expect(valueOf(await at.rewrapDataKey({ accountId: owner, wrappedKey }))).toEqual({
        wrappedKey,
        masterKeyId,
        changed: false,
      });
  });

  test('moves no key to another account', async () => {
    const { wrappedKey } = valueOf(await before.createDataKey({ accountId: owner }));
    expect(await rotating.rewrapDataKey({ accountId: stranger, wrappedKey })).toEqual({
      ok: false,
      failure: { code: 'secrets.undecryptable' },
    });
  });

  test('leaves nothing readable under a master key that was taken away', async () => {
    const { wrappedKey, context, sealed } = await sealedSecret(before);
    const request = { accountId: owner, wrappedKey };
    const failure = { ok: false, failure: { code: 'secrets.undecryptable' } };
    expect(await after.open({ ...request, items: [{ context, sealed }] })).toEqual(failure);
    expect(await after.rewrapDataKey(request)).toEqual(failure);
  });

  test('lets the key before the change open nothing made after it', async () => {
    const { wrappedKey, context, sealed } = await sealedSecret(rotating);
    const items = [{ context, sealed }];
    expect((await before.open({ accountId: owner, wrappedKey, items })).ok).toBe(false);
  });
});
