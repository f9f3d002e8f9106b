/**
 * Calls that an object makes are closed as soon as they are answered; that the platform then counts
 * them as over is seen in test/traces/traces-never-leak.slow.ts.
 */
import { expect, it } from 'vitest';
import { answerOf } from '../../durable-objects/rpc-answer.ts';

it('closes its call once, as soon as it is there, and stays readable', async () => {
  let closed = 0;
  const answer = {
    value: 7,
    [Symbol.dispose]: () => {
      closed += 1;
    },
  };
  expect((await answerOf(Promise.resolve(answer)))?.value).toBe(7);
  expect(closed).toBe(1);
});

it.each([undefined, null, 'text', { value: 1 }])(
  'may be %j, which has no call to close',
  async (answer) => {
    expect(await answerOf(Promise.resolve(answer))).toBe(answer);
  },
);

it('passes the failure of a call on', async () => {
  await expect(answerOf(Promise.reject(new Error('away')))).rejects.toThrow('away');
});
