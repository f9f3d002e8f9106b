import { base64urlnopad } from '@scure/base';
import { describe, expect, test } from 'vitest';
import { ENVELOPE_OVERHEAD_BYTES } from '../../../worker/core/crypto/envelope.ts';
import { LIMITS } from '../../../worker/core/crypto/limits.ts';
import {
  bridge,
  bytes,
  owner,
  sealedSecret,
  stranger,
  text,
  valueOf,
} from './bridge-under-test.ts';

const undecryptable = { ok: false, failure: { code: 'secrets.undecryptable' } };

describe('what was sealed', () => {
  test('opens in order, at its place, for its account', async () => {
    const { wrappedKey } = valueOf(await bridge.createDataKey({ accountId: owner }));
    const contexts = [
      ['secret', 'a', '1'],
      ['journal', 'exe_1'],
      ['secret', 'empty', '1'],
    ];
    const values = ['first', 'second', ''];
    const sealed = valueOf(
      await bridge.seal({
        accountId: owner,
        wrappedKey,
        items: contexts.map((context, i) => ({ context, plaintext: bytes(values[i] ?? '') })),
      }),
    );
    const items = contexts.map((context, i) => ({
      context,
      sealed: sealed[i] ?? new Uint8Array(),
    }));
    const opened = valueOf(await bridge.open({ accountId: owner, wrappedKey, items }));
    expect(opened.map(text)).toEqual(values);
  });

  test('is the bytes of a view alone, not of the buffer behind it', async () => {
    const { wrappedKey } = valueOf(await bridge.createDataKey({ accountId: owner }));
    const context = ['secret', 'view', '1'];
    const plaintext = bytes('before the value after').subarray(7, 16);
    const [sealed] = valueOf(
      await bridge.seal({ accountId: owner, wrappedKey, items: [{ context, plaintext }] }),
    );
    expect(sealed?.buffer.byteLength).toBe(plaintext.length + ENVELOPE_OVERHEAD_BYTES);
    const items = [{ context, sealed: sealed ?? new Uint8Array() }];
    const opened = valueOf(await bridge.open({ accountId: owner, wrappedKey, items }));
    expect(opened.map(text)).toEqual(['the value']);
    expect(opened[0]?.buffer.byteLength).toBe(plaintext.length);
  });

  test('shows neither the value nor anything equal between two seals but its header', async () => {
    const { wrappedKey } = valueOf(await bridge.createDataKey({ accountId: owner }));
    const item = { context: ['secret', 'a', '1'], plaintext: bytes('the same value') };
    const [first, second] = valueOf(
      await bridge.seal({ accountId: owner, wrappedKey, items: [item, item] }),
    );
    expect(first?.length).toBe(item.plaintext.length + ENVELOPE_OVERHEAD_BYTES);
    expect(text(first)).not.toContain('same value');
    expect(first?.slice(0, 9)).toEqual(second?.slice(0, 9));
    expect(first?.slice(9, 21)).not.toEqual(second?.slice(9, 21));
    expect(first?.slice(21)).not.toEqual(second?.slice(21));
  });

  test.each<readonly [string, readonly string[]]>([
    ['the name', ['secret', 'other-key', '3']],
    ['the version', ['secret', 'api-key', '4']],
    ['the kind', ['journal', 'api-key', '3']],
    ['the border between name and version', ['secret', 'api-key3']],
    ['the border between kind and name', ['secretapi-key', '3']],
    ['the order', ['secret', '3', 'api-key']],
    ['the count of parts', ['secret', 'api-key', '3', '3']],
  ])('does not open when %s is another', async (_name, context) => {
    const { wrappedKey, sealed } = await sealedSecret();
    const outcome = await bridge.open({
      accountId: owner,
      wrappedKey,
      items: [{ context, sealed }],
    });
    expect(outcome).toEqual(undecryptable);
  });

  test('does not open for another account, with the data key of either', async () => {
    const { wrappedKey, context, sealed } = await sealedSecret();
    const items = [{ context, sealed }];
    const own = valueOf(await bridge.createDataKey({ accountId: stranger }));
    expect((await bridge.open({ accountId: owner, wrappedKey, items })).ok).toBe(true);
    for (const key of [wrappedKey, own.wrappedKey])
      expect(await bridge.open({ accountId: stranger, wrappedKey: key, items })).toEqual(
        undecryptable,
      );
    expect(await bridge.open({ accountId: owner, wrappedKey: own.wrappedKey, items })).toEqual(
      undecryptable,
    );
  });

  test('has a data key that memory serves to nobody else, however the call is split', async () => {
    const { wrappedKey, context } = await sealedSecret();
    const items = [{ context, plaintext: bytes('x') }];
    const moved = owner.slice(-1);
    for (const request of [
      { accountId: stranger, wrappedKey },
      { accountId: owner.slice(0, -1), wrappedKey: `${moved}${wrappedKey}` },
      { accountId: `${owner}${wrappedKey.slice(0, 1)}`, wrappedKey: wrappedKey.slice(1) },
    ])
      expect(await bridge.seal({ ...request, items })).toEqual(undecryptable);
  });

  test('does not open after a change of any byte, nor cut, nor with bytes behind it', async () => {
    const { wrappedKey, context, sealed } = await sealedSecret();
    const variants = [...sealed.keys()].map((index) => flipped(sealed, index));
    variants.push(sealed.slice(0, -1), sealed.slice(1), new Uint8Array());
    variants.push(Uint8Array.from([...sealed, 0]));
    for (const variant of variants) {
      const items = [{ context, sealed: variant }];
      expect(await bridge.open({ accountId: owner, wrappedKey, items })).toEqual(undecryptable);
    }
  });

  test('answers nothing at all when one of several items does not open', async () => {
    const { wrappedKey, context, sealed } = await sealedSecret();
    const items = [
      { context, sealed },
      { context, sealed: flipped(sealed, sealed.length - 1) },
    ];
    expect(await bridge.open({ accountId: owner, wrappedKey, items })).toEqual(undecryptable);
  });
});

describe('the stored format', () => {
  /**
   * Written once by node:crypto from the format's description: what is stored today must open for
   * ever.
   */
  const stored = {
    masterKeyId: '91d1c0ed0a526797',
    wrappedKey:
      'AZHRwO0KUmeXAQEBAQEBAQEBAQEBFQDfcno0meJ5lnrJnEtoAwmx2A28ZLCSfRvJiD1IwqE00N6HmFY459LKjjO9VD3R',
    sealed: 'AQnUMX4JjvV0AgICAgICAgICAgICXyiF5sL4Zs-Z4RBHvpiQvA6ZHaxFuDvNiA',
  };

  test('is what another implementation makes of its description', async () => {
    const account = { accountId: owner, wrappedKey: stored.wrappedKey };
    const sealed = base64urlnopad.decode(stored.sealed);
    const items = [{ context: ['secret', 'api-key', '3'], sealed }];
    expect(valueOf(await bridge.open({ ...account, items })).map(text)).toEqual(['the value']);
    expect(valueOf(await bridge.rewrapDataKey(account))).toEqual({
      wrappedKey: stored.wrappedKey,
      masterKeyId: stored.masterKeyId,
      changed: false,
    });
  });
});

describe('a wrapped data key', () => {
  test('is fresh for every account and every call', async () => {
    const keys = await Promise.all(
      [owner, owner, stranger].map((accountId) => bridge.createDataKey({ accountId })),
    );
    expect(new Set(keys.map((key) => valueOf(key).wrappedKey)).size).toBe(3);
    expect(new Set(keys.map((key) => valueOf(key).masterKeyId)).size).toBe(1);
  });

  test('is of no use after a change of any byte', async () => {
    const { wrappedKey, context, sealed } = await sealedSecret();
    const raw = base64urlnopad.decode(wrappedKey);
    const variants = [...raw.keys()].map((index) => base64urlnopad.encode(flipped(raw, index)));
    variants.push('', 'A', 'not base64!', `${wrappedKey}=`, wrappedKey.slice(0, -4));
    for (const variant of variants) {
      const request = { accountId: owner, wrappedKey: variant };
      expect(await bridge.open({ ...request, items: [{ context, sealed }] })).toEqual(
        undecryptable,
      );
      expect(
        await bridge.seal({ ...request, items: [{ context, plaintext: bytes('x') }] }),
      ).toEqual(undecryptable);
    }
  });
});

describe('bounds', () => {
  test('refuse more items than one call may carry', async () => {
    const { wrappedKey, context } = await sealedSecret();
    const limit = LIMITS.bridgeItemsMax.value;
    const item = { context, plaintext: bytes('x') };
    const seal = (count: number) =>
      bridge.seal({
        accountId: owner,
        wrappedKey,
        items: Array.from({ length: count }, () => item),
      });
    expect(valueOf(await seal(limit))).toHaveLength(limit);
    expect(await seal(limit + 1)).toEqual({
      ok: false,
      failure: { code: 'bridge.batch_too_large', limit, observed: limit + 1 },
    });
  });

  test('open in one call what was sealed in one, and refuse a byte more', async () => {
    const { wrappedKey } = await sealedSecret();
    const limit = LIMITS.bridgeBatchBytesMax.value;
    const items = [0, 1].map((index) => ({
      context: ['journal', String(index)],
      plaintext: new Uint8Array(limit / 2),
    }));
    const sealed = valueOf(await bridge.seal({ accountId: owner, wrappedKey, items }));
    const opened = await bridge.open({
      accountId: owner,
      wrappedKey,
      items: items.map(({ context }, i) => ({ context, sealed: sealed[i] ?? new Uint8Array() })),
    });
    expect(valueOf(opened).map(({ length }) => length)).toEqual([limit / 2, limit / 2]);
    const more = [...items, { context: ['journal', '2'], plaintext: new Uint8Array(1) }];
    expect(await bridge.seal({ accountId: owner, wrappedKey, items: more })).toEqual({
      ok: false,
      failure: { code: 'bridge.batch_too_large', limit, observed: limit + 1 },
    });
  });

  test('are not met by a call that seals nothing', async () => {
    const { wrappedKey } = await sealedSecret();
    expect(valueOf(await bridge.seal({ accountId: owner, wrappedKey, items: [] }))).toEqual([]);
  });
});

function flipped(value: Uint8Array, index: number): Uint8Array {
  const changed = value.slice();
  changed[index] = (changed[index] ?? 0) ^ 1;
  return changed;
}
