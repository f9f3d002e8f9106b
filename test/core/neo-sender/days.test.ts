/** The days of a wallet inside its sender, attacked: what passes a limit, and what comes back when. */
import { describe, expect, it } from 'vitest';
import type { SenderOutside } from '../../../worker/chain/sender-steps/outside.ts';
import { performSenderStep } from '../../../worker/chain/sender-steps/perform.ts';
import { LIMITS } from '../../../worker/core/neo-sender/limits.ts';
import type { SenderStep, StepReport } from '../../../worker/core/neo-sender/steps.ts';
import type { WalletPolicy } from '../../../worker/core/wallets/wallet-policy.ts';
import { NOW, quoteOf } from './intents.ts';
import { absent, included, senderRig, signed, twice } from './sender-rig.ts';
import { FEES, GAS, leaveOf, perDay, policyOf, sending, TOKEN } from './wallet-of-days.ts';

const DAY_MS = 86_400_000;
const MIDNIGHT = Math.ceil(NOW / DAY_MS) * DAY_MS;
/** Of `quoteOf`, where nothing is replaced. */
const PAID = 120n;

function rig(startAt = NOW) {
  const sender = senderRig(startAt);
  const { send, sign, observe } = sender;
  const spent = async (token = GAS) => {
    const day = await sender.sender.spent();
    return (day.ok && day.value.amounts.get(token)) || 0n;
  };
  const take = (id: string, amount: bigint, leave = leaveOf()) => send(id, sending(amount, leave));
  const goLive = async (id: string, amount: bigint, leave = leaveOf()) => {
    await take(id, amount, leave);
    await sign(id, quoteOf({ balances: rich() }));
  };
  const end = (sighting: Parameters<typeof observe>[0][number], id: string, attempt = 1) =>
    observe(twice(sighting), id, attempt);
  return { ...sender, spent, take, goLive, end };
}

const rich = () => ['a', 'b'].map((endpoint) => ({ endpoint, height: 100, datoshi: 1_000_000n }));
const codeOf = (result: { ok: true } | { ok: false; failure: { code: string } }) =>
  result.ok ? 'ok' : result.failure.code;

describe('a day of a wallet', () => {
  it('M16 does not let two sends pass it together by one datoshi', async () => {
    const { spent, take } = rig();
    const both = await Promise.all([take('txn_1', 5_000n - FEES), take('txn_2', 5_001n - FEES)]);
    expect(both.map(codeOf)).toEqual(['ok', 'sender.policy_refused']);
    expect(await spent()).toBe(5_000n);
    expect(codeOf(await take('txn_3', 5_000n - FEES))).toBe('ok');
    expect(await spent()).toBe(10_000n);
  });

  it('drips-1185 an attacker who can send drains a day at most, fees of nothing sent among it', async () => {
    const { spent, take } = rig();
    const codes: string[] = [];
    for (let n = 0; n < 200; n += 1) codes.push(codeOf(await take(`txn_${n}`, BigInt(n % 3))));
    const taken = codes.filter((code) => code === 'ok').length;
    expect(new Set(codes)).toEqual(new Set(['ok', 'sender.policy_refused']));
    expect(taken).toBeGreaterThan(0);
    const day = await spent();
    expect(day).toBeLessThanOrEqual(10_000n);
    expect(day).toBeGreaterThan(10_000n - FEES - 3n);
  });

  it('stores nothing of what it refuses: the same id can come again', async () => {
    const { clock, sender, take } = rig();
    expect(codeOf(await take('txn_1', 9_001n))).toBe('sender.policy_refused');
    expect(await sender.rows('SELECT id FROM remembered')).toEqual([]);
    expect(await sender.rows('SELECT * FROM spendings')).toEqual([]);
    clock.now += 1;
    expect(codeOf(await take('txn_1', 9_001n, leaveOf(perDay(10_001n))))).toBe('ok');
  });

  it('counts a command that comes again once, whatever the policy says by then', async () => {
    const { spent, take } = rig();
    await take('txn_1', 3_000n);
    const again = await take('txn_1', 3_000n, leaveOf(perDay(0n)));
    expect(again).toMatchObject({ value: { isRepeat: true } });
    expect(await spent()).toBe(3_000n + FEES);
  });

  it('counts what was approved, and lets it pass', async () => {
    const { spent, take } = rig();
    const policy = policyOf({ approvals: 2 });
    expect(await take('txn_1', 50_000n, leaveOf(policy))).toMatchObject({
      failure: { code: 'sender.approvals_required', limit: 2 },
    });
    expect(codeOf(await take('txn_1', 50_000n, leaveOf(policy, true)))).toBe('ok');
    expect(await spent()).toBe(50_000n + FEES);
    expect(codeOf(await take('txn_2', 0n, leaveOf(policy)))).toBe('sender.approvals_required');
  });

  it('counts amounts beyond 64 bits to the last unit', async () => {
    const { send, spent } = rig();
    const half = 2n ** 199n;
    expect(codeOf(await send('txn_1', sending(half, leaveOf(), TOKEN)))).toBe('ok');
    expect(codeOf(await send('txn_2', sending(half + 1n, leaveOf(), TOKEN)))).toBe(
      'sender.policy_refused',
    );
    expect(codeOf(await send('txn_2', sending(half, leaveOf(), TOKEN)))).toBe('ok');
    expect(await spent(TOKEN)).toBe(2n * half);
    expect(await spent()).toBe(2n * FEES);
  });

  it('begins anew at midnight UTC, and not a millisecond before', async () => {
    const { clock, spent, take } = rig(MIDNIGHT - 1);
    await take('txn_1', 9_000n);
    expect(codeOf(await take('txn_2', 9_000n))).toBe('sender.policy_refused');
    clock.now = MIDNIGHT;
    expect(await spent()).toBe(0n);
    expect(codeOf(await take('txn_2', 9_000n))).toBe('ok');
    // A clock that steps back finds the day before as it was.
    clock.now = MIDNIGHT - 1;
    expect(codeOf(await take('txn_3', 0n))).toBe('sender.policy_refused');
  });

  it('is given back to the day it was taken from', async () => {
    const { clock, replace, spent, take } = rig(MIDNIGHT - 1);
    await take('txn_1', 9_000n);
    clock.now = MIDNIGHT;
    await take('txn_2', 9_000n);
    await replace('txn_1', { kind: 'cancel', leave: leaveOf() });
    expect(await spent()).toBe(10_000n);
    clock.now = MIDNIGHT - 1;
    expect(await spent()).toBe(0n);
  });

  it('is kept for some days, and given back to even when it is forgotten', async () => {
    const { clock, goLive, sender, take } = rig();
    await goLive('txn_1', 3_000n);
    clock.now += (LIMITS.senderSpentKeepDays.value + 1) * DAY_MS;
    await sender.ring();
    await take('txn_2', 1n);
    expect(await sender.rows('SELECT COUNT(*) AS days FROM spent_days')).toEqual([{ days: 1 }]);
    await sender.resolve({ id: 'txn_1', detail: 'gone', resolution: { kind: 'expired' } });
    expect(await sender.rows('SELECT amount FROM spent_days')).toEqual([
      { amount: (1n + FEES).toString() },
    ]);
  });
});

describe('what comes back', () => {
  it('is everything, once, of what was rejected', async () => {
    const { lease, report, sender, spent, take } = rig();
    await take('txn_1', 3_000n);
    await take('txn_2', 1_000n);
    await report(await lease('prepare'), { kind: 'simulated_fault', detail: 'ABORT' });
    expect(await spent()).toBe(1_000n + FEES);
    await sender.ring();
    expect(await spent()).toBe(1_000n + FEES);
    expect(await sender.rows("SELECT * FROM spendings WHERE intent_id = 'txn_1'")).toEqual([]);
  });

  it('is everything of what expired with proven absence', async () => {
    const { end, goLive, spent } = rig();
    await goLive('txn_1', 3_000n);
    await end(absent, 'txn_1');
    expect(await spent()).toBe(0n);
  });

  it('is of the fees alone, down to the true ones, once it is confirmed', async () => {
    const { end, goLive, spent } = rig();
    await goLive('txn_1', 3_000n);
    expect(await spent()).toBe(3_000n + FEES);
    await end(included(), 'txn_1');
    expect(await spent()).toBe(3_000n + PAID);
  });

  it('M6 is no amount of what faulted: that nothing moved is the word of nodes', async () => {
    const { end, goLive, spent } = rig();
    await goLive('txn_1', 3_000n);
    await end(included(110, 'FAULT'), 'txn_1');
    expect(await spent()).toBe(3_000n + PAID);
  });

  it('is all but the fee of the cancelling one', async () => {
    const { end, goLive, lease, replace, report, spent } = rig();
    await goLive('txn_1', 3_000n);
    await replace('txn_1', { kind: 'cancel', networkFeeMax: 400n, leave: leaveOf() });
    await report(await lease('prepare'), quoteOf({ systemFee: 0n, balances: rich() }));
    const step = await lease('sign');
    await report(step, { kind: 'signed', signed: signed(step.unsigned) });
    await end(included(), 'txn_1', 2);
    // One more than the 20 it displaces.
    expect(await spent()).toBe(21n);
  });

  it('M5 is nothing while it is disputed', async () => {
    const { goLive, observe, sender, spent } = rig();
    await goLive('txn_1', 3_000n);
    await observe([included(), absent], 'txn_1');
    expect(await sender.rows('SELECT state FROM intents')).toEqual([{ state: 'disputed' }]);
    expect(await spent()).toBe(3_000n + FEES);
    await sender.resolve({ id: 'txn_1', detail: 'read it', resolution: { kind: 'expired' } });
    expect(await spent()).toBe(0n);
  });
});

describe('a raised fee', () => {
  it('M16 does not pass the day or the policy', async () => {
    const { goLive, replace, spent } = rig();
    await goLive('txn_1', 8_500n);
    const raise = (networkFeeMax: bigint, leave = leaveOf()) =>
      replace('txn_1', { networkFeeMax, leave });
    expect(codeOf(await raise(1_001n))).toBe('sender.policy_refused');
    expect(codeOf(await raise(2_001n, leaveOf(policyOf({ approvals: 1 }), true)))).toBe(
      'sender.policy_refused',
    );
    expect(await spent()).toBe(9_500n);
    expect(codeOf(await raise(1_000n))).toBe('ok');
    expect(await spent()).toBe(10_000n);
  });

  it('counts once, when the command comes again or the next one raises nothing', async () => {
    const { goLive, lease, replace, report, spent } = rig();
    await goLive('txn_1', 3_000n);
    await replace('txn_1', { networkFeeMax: 900n, leave: leaveOf() });
    const again = await replace('txn_1', { networkFeeMax: 900n, leave: leaveOf(perDay(0n)) });
    expect(codeOf(again)).toBe('ok');
    expect(await spent()).toBe(3_400n + FEES);
    await report(await lease('prepare'), { kind: 'simulated_fault', detail: 'ABORT' });
    await replace('txn_1', { attempt: 3, networkFeeMax: 800n, leave: leaveOf() });
    expect(await spent()).toBe(3_400n + FEES);
  });

  it('counts on the day it was raised, and comes back to it', async () => {
    const { clock, end, goLive, replace, spent } = rig(MIDNIGHT - 1);
    await goLive('txn_1', 9_000n);
    clock.now = MIDNIGHT;
    expect(codeOf(await replace('txn_1', { networkFeeMax: 900n, leave: leaveOf() }))).toBe('ok');
    expect(await spent()).toBe(400n);
    await end(included(), 'txn_1');
    expect(await spent()).toBe(0n);
    clock.now = MIDNIGHT - 1;
    expect(await spent()).toBe(9_000n + PAID);
  });

  it('is no way for the approved to go further than was approved', async () => {
    const { goLive, replace } = rig();
    const policy = policyOf({ approvals: 1 });
    await goLive('txn_1', 50_000n, leaveOf(policy, true));
    const raise = { networkFeeMax: 900n };
    expect(codeOf(await replace('txn_1', { ...raise, leave: leaveOf(policy) }))).toBe(
      'sender.approvals_required',
    );
    expect(codeOf(await replace('txn_1', { ...raise, leave: leaveOf(policy, true) }))).toBe('ok');
  });

  it('M16 has its approvals stand for what it repeats, and those of a cancellation for nothing', async () => {
    const { goLive, replace, sender } = rig();
    const policy = policyOf({ approvals: 1 });
    const authority = async () =>
      (await sender.rows('SELECT authority FROM intents'))[0]?.authority;
    await goLive('txn_1', 3_000n, leaveOf(policy));
    await replace('txn_1', { leave: leaveOf(policy, true) });
    expect(await authority()).toBe('approvals');
    const other = rig();
    await other.goLive('txn_1', 3_000n, leaveOf(policy));
    await other.replace('txn_1', { kind: 'cancel', leave: leaveOf(policy, true) });
    expect(await other.sender.rows('SELECT authority FROM intents')).toEqual([
      { authority: 'policy' },
    ]);
  });

  it('has the kind of leave that the intent was sent with', async () => {
    const { goLive, replace } = rig();
    await goLive('txn_1', 3_000n);
    await expect(replace('txn_1', { leave: null })).rejects.toThrow('one kind of leave');
  });
});

describe('the policy of the moment, before the bridge signs', () => {
  /** The step of the product, with a bridge that signs everything. */
  const perform = async (step: SenderStep, policy: WalletPolicy) => {
    const reports: StepReport[] = [];
    let asked = 0;
    const outside: SenderOutside = {
      endpoints: [],
      quorum: 1,
      draftWitnesses: async () => null,
      signerOf: async () => ({
        policy,
        sign: async (unsigned) => {
          asked += 1;
          return signed(unsigned);
        },
      }),
      report: async (_sender, told) => {
        reports.push(told);
      },
    };
    await performSenderStep(step, outside);
    const [report] = reports;
    if (report === undefined) throw new Error('no report');
    return { asked, report };
  };

  it('M20 stops what was taken before it was tightened, which then expires and says why', async () => {
    const { clock, end, lease, report, sender, spent, stateOf, take } = rig();
    await take('txn_1', 3_000n);
    await report(await lease('prepare'), quoteOf({ balances: rich() }));
    const tightened = await perform(await lease('sign'), perDay(3_000n));
    expect(tightened.asked).toBe(0);
    await sender.report(tightened.report);
    expect(await sender.rows('SELECT state, reason, detail FROM intents')).toEqual([
      {
        state: 'prepared',
        reason: 'policy_refused',
        detail: expect.stringContaining('3000 a day'),
      },
    ]);
    clock.now += 21 * 15_000;
    await end(absent, 'txn_1');
    expect(await stateOf('txn_1')).toBe('expired');
    const [event] = await sender.listEvents();
    expect(JSON.parse(event?.dataJson ?? '{}')).toMatchObject({
      reason: 'policy_refused',
      detail: expect.stringContaining('3000 a day'),
    });
    expect(await spent()).toBe(0n);
  });

  it('lets it be signed when the policy lets it pass again', async () => {
    const { clock, lease, report, sender, take } = rig();
    await take('txn_1', 3_000n);
    await report(await lease('prepare'), quoteOf({ balances: rich() }));
    await sender.report((await perform(await lease('sign'), perDay(0n))).report);
    clock.now += LIMITS.senderRetryMsMax.value;
    await sender.report((await perform(await lease('sign'), policyOf())).report);
    expect(await sender.rows('SELECT state, reason, detail FROM intents')).toEqual([
      { state: 'live', reason: null, detail: null },
    ]);
  });

  it('M16 does not sign what was approved once the policy refuses it', async () => {
    const { lease, report, take } = rig();
    await take('txn_1', 50_000n, leaveOf(policyOf({ approvals: 1 }), true));
    await report(await lease('prepare'), quoteOf({ balances: rich() }));
    const step = await lease('sign');
    expect(step.isApproved).toBe(true);
    expect((await perform(step, policyOf({ approvals: 2 }))).asked).toBe(1);
    expect((await perform(step, policyOf())).asked).toBe(0);
  });

  it('lets a cancellation be signed under a policy that lets nothing out', async () => {
    const { goLive, lease, replace, report } = rig();
    await goLive('txn_1', 3_000n);
    await replace('txn_1', { kind: 'cancel', leave: leaveOf(perDay(0n)) });
    await report(await lease('prepare'), quoteOf({ systemFee: 0n, balances: rich() }));
    const step = await lease('sign');
    expect(step).toMatchObject({ isCancel: true, isApproved: false });
    expect(step.replaces).toHaveLength(1);
    expect((await perform(step, perDay(0n, { scopes: [] }))).asked).toBe(1);
  });
});
