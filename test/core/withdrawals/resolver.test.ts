/** M9: what a resolver may say, and what nobody may say in its name. */
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { describe, expect, it } from 'vitest';
import { LIMITS } from '../../../worker/core/withdrawals/limits.ts';
import {
  encodeOrder,
  judgeAnswer,
  parseRetryAfter,
  type ResolverOrder,
  retryMsOf,
} from '../../../worker/core/withdrawals/resolver.ts';

const KEY = 'a key of thirty-two characters!!';
const ORDER: ResolverOrder = {
  id: '7d'.repeat(32),
  network: 'neo3:private',
  networkMagic: 56_753,
  to: 'NPTmAHDxo6Pkyic8Nvu3kwyXoYJCvcCB6i',
  amount: 150_000_000n,
};
const NAMED = {
  id: ORDER.id,
  network: ORDER.network,
  networkMagic: ORDER.networkMagic,
  to: ORDER.to,
  amount: '1.5',
};

const sign = (body: Uint8Array, key = KEY) => bytesToHex(hmac(sha256, utf8ToBytes(key), body));

function judge(said: object | string, signature?: string | null) {
  const body = utf8ToBytes(typeof said === 'string' ? said : JSON.stringify(said));
  const signed = signature === undefined ? sign(body) : signature;
  return judgeAnswer({ body, signature: signed }, ORDER, KEY);
}

it('orders with the same bytes every time', () => {
  expect(new TextDecoder().decode(encodeOrder(ORDER))).toBe(JSON.stringify({ ...NAMED }));
});

describe('a verdict', () => {
  it('is taken with its signature', () => {
    expect(judge({ ...NAMED, status: 'paid', fee: '0.1', reference: 'wire 7' })).toEqual({
      kind: 'paid',
      fee: 10_000_000n,
      reference: 'wire 7',
    });
    expect(judge({ ...NAMED, status: 'paid', fee: '0' })).toMatchObject({ kind: 'paid', fee: 0n });
    expect(judge({ ...NAMED, status: 'failed', detail: 'no such bank' })).toEqual({
      kind: 'failed',
      detail: 'no such bank',
    });
  });

  it.each(['paid', 'failed'])('%s: is refused when it is forged', (status) => {
    const said = { ...NAMED, status };
    const body = utf8ToBytes(JSON.stringify(said));
    for (const signature of [
      null,
      '',
      '00'.repeat(32),
      sign(body, 'another key of thirty-two chars.'),
      sign(utf8ToBytes(JSON.stringify({ ...said, reference: 'other' }))),
      sign(body).toUpperCase(),
      `${sign(body)}00`,
      sign(body).slice(2),
    ])
      expect(judge(said, signature)).toMatchObject({ kind: 'refused' });
  });

  it.each<[string, object]>([
    ['another withdrawal', { id: '7e'.repeat(32) }],
    ['another network', { network: 'neo3:mainnet' }],
    ['another magic', { networkMagic: 860_833_102 }],
    ['another receiver', { to: 'NfgHwwTi3wHAS8aFAN243C5vGbkYDpqLHP' }],
    ['another amount', { amount: '1.50' }],
    ['no amount', { amount: undefined }],
  ])('is refused when it was given for %s, though it is signed', (_name, changes) => {
    for (const status of ['paid', 'failed'])
      expect(judge({ ...NAMED, status, ...changes })).toMatchObject({ kind: 'refused' });
  });

  it('is refused with a fee that is none', () => {
    for (const fee of ['-1', '1e3', '0.000000001', '1,5'])
      expect(judge({ ...NAMED, status: 'paid', fee })).toMatchObject({ kind: 'refused' });
  });
});

it('takes `pending` unsigned, since it moves nothing', () => {
  expect(judge({ id: ORDER.id, status: 'pending' }, null)).toEqual({ kind: 'pending' });
});

it.each(['', '<html>', '[]', 'null', '{"status":"paid"}', '{"id":7,"status":"failed"}'])(
  'takes %j for no answer',
  (body) => {
    expect(judge(body)).toMatchObject({ kind: 'refused' });
  },
);

describe('Retry-After', () => {
  const now = Date.UTC(2026, 10, 1, 9);
  it('is seconds or a date, bounded', () => {
    expect(parseRetryAfter('120', now)).toBe(120_000);
    expect(parseRetryAfter('Sun, 01 Nov 2026 09:00:30 GMT', now)).toBe(30_000);
    expect(parseRetryAfter('Sun, 01 Nov 2026 08:00:00 GMT', now)).toBe(0);
    expect(parseRetryAfter('99999999', now)).toBe(LIMITS.resolverRetryAfterMsMax.value);
  });

  it('is nothing when it is neither', () => {
    for (const text of [null, '', 'soon', '-5'])
      expect([null, 0]).toContain(parseRetryAfter(text, now));
  });

  it('waits twice as long each time, up to the bound', () => {
    expect(retryMsOf(0)).toBe(60_000);
    expect(retryMsOf(1)).toBe(120_000);
    expect(retryMsOf(1_000)).toBe(LIMITS.withdrawalRetryMsMax.value);
  });
});
