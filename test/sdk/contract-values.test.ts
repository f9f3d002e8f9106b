/** Values between a program and a contract: what typed clients pass, and what they are answered. */
import { base64 } from '@scure/base';
import { describe, expect, it } from 'vitest';
import {
  contractArgument,
  contractValue,
  decodeContractEvent,
  isServiceLayerError,
  type StackItem,
} from '../../sdk/src/index.ts';

const bytes = (...values: readonly number[]): StackItem => ({
  type: 'ByteString',
  value: base64.encode(Uint8Array.from(values)),
});
const NULL: StackItem = { type: 'Any' };

describe('an argument', () => {
  it('has the type that the manifest declares', () => {
    expect(contractArgument.Integer(-(1n << 255n))).toEqual({
      type: 'Integer',
      value: String(-(1n << 255n)),
    });
    expect(contractArgument.ByteArray(Uint8Array.of(0, 255))).toEqual({
      type: 'ByteArray',
      value: 'AP8=',
    });
    expect(contractArgument.Hash160('N')).toEqual({ type: 'Hash160', value: 'N' });
    expect(contractArgument.Boolean(false)).toEqual({ type: 'Boolean', value: false });
    const list = { type: 'Array', value: [] } as const;
    expect(contractArgument.Any(list)).toBe(list);
  });

  it('is null in one form', () => {
    const { ByteArray, String: text, Any } = contractArgument;
    for (const give of [ByteArray, text, Any])
      expect(give(null)).toEqual({ type: 'Any', value: null });
  });
});

describe('an answer', () => {
  it('is read without loss', () => {
    const value = String((1n << 255n) - 1n);
    expect(contractValue.Integer({ type: 'Integer', value })).toBe((1n << 255n) - 1n);
    expect(contractValue.ByteArray(bytes(0, 255))).toEqual(Uint8Array.of(0, 255));
    expect(contractValue.String(bytes(0xc3, 0xa9))).toBe('\u00e9');
    expect(contractValue.Boolean({ type: 'Boolean', value: true })).toBe(true);
  });

  it('is a hash as explorers show it, which is not the order of its bytes', () => {
    const account = Array.from({ length: 20 }, (_, index) => index);
    expect(contractValue.Hash160(bytes(...account))).toBe(
      '0x131211100f0e0d0c0b0a09080706050403020100',
    );
  });

  it.each([
    [[], 0n],
    [[0xff], -1n],
    [[0xff, 0x00], 255n],
    [[0x00, 0x80], -32_768n],
    [[...Array.from({ length: 31 }, () => 0), 0x80], -(1n << 255n)],
  ] as const)('is an integer where a contract left its bytes: %j', (values, integer) => {
    expect(contractValue.Integer(bytes(...values))).toBe(integer);
  });

  it('is null where the contract said null', () => {
    const { String: text, Hash160, PublicKey, Signature } = contractValue;
    for (const read of [text, Hash160, PublicKey, Signature]) expect(read(NULL)).toBeNull();
    expect(contractValue.Any(NULL)).toBe(NULL);
  });

  it.each([
    ['Integer', { type: 'Integer', value: '9'.repeat(100) }],
    ['Integer', { type: 'Integer', value: '1e3' }],
    ['Integer', NULL],
    ['Integer', bytes(...Array.from({ length: 33 }, () => 1))],
    ['Boolean', { type: 'Array', value: [] }],
    ['String', bytes(0xff)],
    ['Hash160', bytes(1)],
    ['Hash256', bytes(...Array.from({ length: 20 }, () => 1))],
    ['PublicKey', bytes(2)],
    ['ByteArray', { type: 'ByteString', value: 'no*base64' }],
    ['ByteArray', { type: '\u001b[2J stolen' }],
    ['ByteArray', {}],
  ] as const)('is refused when it is no %s, without a word of it', (type, item) => {
    expect(() => contractValue[type](item)).toThrow(
      expect.toSatisfy(
        (error: unknown) =>
          isServiceLayerError(error, 'client.contract_answer') &&
          !/stolen|no.base64|9{10}/.test(error.detail),
      ),
    );
  });
});

describe('an event', () => {
  const hash = `0x${'5a'.repeat(20)}`;
  const shapes = [{ eventName: 'Moved', values: { amount: contractValue.Integer } }];
  const notification = {
    contract: hash,
    eventName: 'Moved',
    state: [{ type: 'Integer', value: '7' }],
  };

  it('is read by its name', () => {
    expect(decodeContractEvent(shapes, hash, notification)).toEqual({
      eventName: 'Moved',
      amount: 7n,
    });
  });

  it.each([
    ['another contract', { contract: `0x${'66'.repeat(20)}` }],
    ['another name', { eventName: 'moved' }],
    ['another count of values', { state: [] }],
    ['values of another type', { state: [NULL] }],
    ['values the node could not show', { state: null }],
  ])('is none when it is of %s', (_, other) => {
    expect(decodeContractEvent(shapes, hash, { ...notification, ...other })).toBeNull();
  });
});
