import { describe, expect, it } from 'vitest';
import { decideBroadcast, type SendAnswer } from '../../../../worker/core/neo/rpc/broadcast.ts';
import { parseRpcError } from '../../../../worker/core/neo/rpc/errors.ts';

const refused = (code: number): SendAnswer => {
  const error = parseRpcError({ code, message: '' });
  if (error === null) throw new Error('no error object');
  return { kind: 'refused', error };
};
const accepted: SendAnswer = { kind: 'accepted' };
const unreachable: SendAnswer = { kind: 'unreachable', reason: 'timeout' };
const decide = (...answers: readonly (readonly [SendAnswer, 'healthy' | 'cut off'])[]) =>
  decideBroadcast(
    answers.map(([answer, state], index) => ({
      endpoint: String(index),
      healthy: state === 'healthy',
      answer,
    })),
  );

describe('what a broadcast came to', () => {
  it('M4: is live as soon as one healthy endpoint holds it, whatever the others say', () => {
    expect(decide([refused(-500), 'healthy'], [accepted, 'healthy'])).toBe('pooled');
    expect(decide([refused(-508), 'healthy'], [refused(-503), 'healthy'])).toBe('pooled');
    expect(decide([refused(-501), 'healthy'])).toBe('pooled');
  });

  it('does not trust a node that is cut off, which swallows transactions', () => {
    expect(decide([accepted, 'cut off'], [unreachable, 'healthy'])).toBe('later');
    expect(decide([accepted, 'cut off'], [refused(-508), 'healthy'])).toBe('later');
  });

  it('has the chain read before anything is built anew', () => {
    expect(decide([refused(-510), 'healthy'], [unreachable, 'healthy'])).toBe('look up');
    expect(decide([refused(-510), 'healthy'], [refused(-508), 'healthy'])).toBe('look up');
  });

  it('sends again what may pass later', () => {
    expect(decide([refused(-502), 'healthy'])).toBe('later');
    expect(decide([refused(-511), 'healthy'], [refused(-508), 'healthy'])).toBe('later');
  });

  it('morpheus-b1: does not take the trouble of an endpoint for a refusal', () => {
    expect(decide([unreachable, 'healthy'])).toBe('unreachable');
    expect(decide([refused(-32_603), 'healthy'], [refused(-600), 'healthy'])).toBe('unreachable');
    expect(decide()).toBe('unreachable');
    expect(decide([refused(-504), 'healthy'], [unreachable, 'healthy'])).toBe('refused');
  });
});
