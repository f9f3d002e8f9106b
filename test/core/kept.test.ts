/** A value that is loaded once, even while nobody waits for another. */
import { describe, expect, it } from 'vitest';
import { kept } from '../../worker/core/kept.ts';

describe('what is kept', () => {
  it('is loaded with the first call and not before', async () => {
    const loads: number[] = [];
    const load = kept(async () => loads.push(loads.length));
    expect(loads).toEqual([]);
    expect([await load(), await load()]).toEqual([1, 1]);
    expect(loads).toHaveLength(1);
  });

  it('answers those that come together though the first never does', async () => {
    let calls = 0;
    const load = kept(() => {
      calls += 1;
      return calls === 1 ? new Promise<string>(() => undefined) : Promise.resolve('module');
    });
    void load();
    expect(await load()).toBe('module');
    expect(await load()).toBe('module');
    expect(calls).toBe(2);
  });

  it('is asked for again after a failure', async () => {
    let calls = 0;
    const load = kept(() => {
      calls += 1;
      return calls === 1 ? Promise.reject(new Error('gone')) : Promise.resolve('module');
    });
    await expect(load()).rejects.toThrow('gone');
    expect(await load()).toBe('module');
  });
});
