/**
 * The dangerous moment is between the end of the code and the end of its last action: nothing lost,
 * nothing twice.
 */
import { evictDurableObject } from 'cloudflare:test';
import { describe, expect, it } from 'vitest';
import {
  action,
  codeOf,
  connectOutside,
  finish,
  type Journal,
  journalOf,
  letTimePass,
  order,
  payer,
  rowsOf,
  started,
  statusOf,
  valueOf,
  wake,
} from './journal.ts';

async function withActions(journal: Journal, count: number, store: 'full' | 'receipt' = 'full') {
  const id = await started(journal, { order: order({ store }) });
  const actions = Array.from({ length: count }, () => action());
  expect(valueOf(await journal.finishExecution(finish(id, { actions })))).toMatchObject({
    status: 'running',
    pendingActions: count,
  });
  return id;
}

const result = (id: string, n: number, change: object = {}) => ({
  executionId: id,
  n,
  leaseToken: 1,
  leaseMs: 60_000,
  outcome: 'succeeded' as const,
  resultJson: `{"n":${n}}`,
  ...change,
});

const sealedLeft = (journal: Journal) =>
  rowsOf(journal, 'SELECT n FROM execution_actions WHERE sealed_params IS NOT NULL');

describe('actions', () => {
  it('end one by one, lose their true params with their end, and settle the execution with the last', async () => {
    const journal = journalOf();
    const id = await withActions(journal, 2);
    expect(valueOf(await journal.saveActionResult(result(id, 0)))).toEqual({
      status: 'running',
      pendingActions: 1,
    });
    expect(await sealedLeft(journal)).toEqual([{ n: 1 }]);
    expect(valueOf(await journal.saveActionResult(result(id, 1))).status).toBe('succeeded');
    expect(await sealedLeft(journal)).toEqual([]);
    const { actions } = valueOf(await journal.getExecution(id));
    expect(actions).toMatchObject([
      {
        id: `${id}:0`,
        status: 'succeeded',
        paramsJson: action().paramsJson,
        resultJson: '{"n":0}',
      },
      { id: `${id}:1`, status: 'succeeded' },
    ]);
  });

  it('end exactly once: a second result changes nothing', async () => {
    const journal = journalOf();
    const id = await withActions(journal, 2);
    await journal.saveActionResult(result(id, 0));
    const other = result(id, 0, { outcome: 'failed', error: { code: 'x', message: 'late' } });
    expect(codeOf(await journal.saveActionResult(other))).toBe('ok');
    const { actions } = valueOf(await journal.getExecution(id));
    expect(actions[0]).toMatchObject({ status: 'succeeded', resultJson: '{"n":0}' });
    expect(codeOf(await journal.saveActionResult(result(id, 2)))).toBe('request.not_found');
  });

  it('make the execution fail with the first that failed, though all are attempted', async () => {
    const journal = journalOf();
    const id = await withActions(journal, 3);
    const failed = (n: number) =>
      result(id, n, { outcome: 'failed', error: { code: 'x', message: `reason ${n}` } });
    await journal.saveActionResult(result(id, 0));
    await journal.saveActionResult(failed(2));
    await journal.saveActionResult(failed(1));
    const ended = valueOf(await journal.getExecution(id));
    expect(ended).toMatchObject({
      status: 'failed',
      error: {
        code: 'functions.action_failed',
        message: 'devpack action oracle.createRequest failed: reason 1',
      },
    });
    const { items } = valueOf(await journal.listEvents({ afterSequence: 0, limit: 10 }));
    expect(items.map(({ type }) => type)).toEqual(['execution.failed']);
  });

  it('leave nothing to read with `store: receipt`', async () => {
    const journal = journalOf();
    const id = await withActions(journal, 1, 'receipt');
    await journal.saveActionResult(result(id, 0));
    const [told] = valueOf(await journal.getExecution(id)).actions;
    expect(told).toMatchObject({ status: 'succeeded' });
    expect([told?.paramsJson, told?.resultJson]).toEqual([undefined, undefined]);
  });
});

describe('a kill between the end of the code and its actions', () => {
  it('keeps the true params, hands them to one other runner, and refuses the lost one', async () => {
    const journal = journalOf();
    const outside = await connectOutside(journal);
    const id = await withActions(journal, 2);
    await journal.saveActionResult(result(id, 0));
    await letTimePass(journal, 61_000);
    await wake(journal);
    expect(outside.enqueued.map(({ items }) => items)).toEqual([
      [{ id: `${id}:actions:2`, kind: 'actions' }],
    ]);
    expect(await statusOf(journal, id)).toBe('running');

    const claim = { executionId: id, leaseMs: 60_000 };
    const [first, second] = await Promise.all([
      journal.claimActions(claim),
      journal.claimActions(claim),
    ]);
    expect([codeOf(first), codeOf(second)]).toEqual(['ok', 'functions.lease_lost']);
    const { leaseToken, actions } = valueOf(first);
    expect(actions).toEqual([{ n: 1, type: action().type, sealedParams: action().sealedParams }]);

    const late = await journal.saveActionResult(result(id, 1));
    expect(codeOf(late)).toBe('functions.lease_lost');
    const saved = await journal.saveActionResult(result(id, 1, { leaseToken }));
    expect(valueOf(saved).status).toBe('succeeded');
    expect(await sealedLeft(journal)).toEqual([]);
  });

  it('survives an eviction and a queue that does not answer', async () => {
    const journal = journalOf();
    const id = await withActions(journal, 1);
    await letTimePass(journal, 61_000);
    const outside = await connectOutside(journal);
    outside.answering = false;
    await wake(journal);
    expect(outside.enqueued).toHaveLength(1);
    await evictDurableObject(journal);
    const after = await connectOutside(journal);
    await letTimePass(journal, 31_000);
    await wake(journal);
    expect(after.enqueued).toHaveLength(1);
    const { actions } = valueOf(await journal.claimActions({ executionId: id, leaseMs: 1000 }));
    expect(actions).toHaveLength(1);
  });

  it('is handed over under a new id when the next runner was lost too', async () => {
    const journal = journalOf();
    const outside = await connectOutside(journal);
    const id = await withActions(journal, 1);
    const claims: number[] = [];
    for (let round = 0; round < 3; round += 1) {
      await letTimePass(journal, 61_000);
      await wake(journal);
      const claim = await journal.claimActions({ executionId: id, leaseMs: 60_000 });
      claims.push(valueOf(claim).leaseToken);
    }
    const ids = outside.enqueued.flatMap(({ items }) => items.map((item) => item.id));
    expect(ids).toEqual([2, 4, 6].map((lease) => `${id}:actions:${lease}`));
    expect(claims).toEqual([3, 5, 7]);
  });

  it('is told apart from a living runner: its actions cannot be claimed', async () => {
    const journal = journalOf();
    const id = await withActions(journal, 1);
    const refused = await journal.claimActions({ executionId: id, leaseMs: 1000 });
    expect(codeOf(refused)).toBe('functions.lease_lost');
    const running = await started(journal);
    const early = await journal.claimActions({ executionId: running, leaseMs: 1000 });
    expect(codeOf(early)).toBe('functions.lease_lost');
  });

  it('ends with a reason in each action when every runner was lost for a day', async () => {
    const journal = journalOf();
    await connectOutside(journal);
    const id = await withActions(journal, 2);
    await letTimePass(journal, 86_500_000);
    await wake(journal);
    const ended = valueOf(await journal.getExecution(id));
    expect(ended.status).toBe('failed');
    expect(ended.actions.map(({ error }) => error?.code)).toEqual([
      'functions.action_abandoned',
      'functions.action_abandoned',
    ]);
    expect(await sealedLeft(journal)).toEqual([]);
  });
});

describe('cancelling', () => {
  it('before the code ended keeps every action from beginning', async () => {
    const journal = journalOf();
    const id = await started(journal);
    await journal.cancelExecution({ executionId: id, actor: payer });
    const end = finish(id, { actions: [action(), action()] });
    expect(valueOf(await journal.finishExecution(end))).toMatchObject({
      status: 'cancelled',
      pendingActions: 0,
    });
    expect(await sealedLeft(journal)).toEqual([]);
  });

  it('between two actions keeps the first done and the second from beginning', async () => {
    const journal = journalOf();
    const id = await withActions(journal, 2);
    await journal.cancelExecution({ executionId: id, actor: payer });
    expect(valueOf(await journal.saveActionResult(result(id, 0))).status).toBe('cancelled');
    const { actions } = valueOf(await journal.getExecution(id));
    expect(actions.map(({ status }) => status)).toEqual(['succeeded', 'failed']);
    expect(codeOf(await journal.claimActions({ executionId: id, leaseMs: 1 }))).toBe(
      'functions.execution_ended',
    );
  });
});
