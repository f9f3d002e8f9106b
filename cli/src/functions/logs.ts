/**
 * * `slctl functions logs`: the log lines of executions, oldest first, and with `--follow` those
 * that come. Each execution is printed once it has ended; one that still runs is asked again, and
 * does not hold up the others.
 */
import { callOf, findCommand } from '../call.ts';
import { requireAccount, type Session } from '../context.ts';
import { CliFailure, EXIT } from '../failure.ts';
import { cellText, isRow, type Row } from '../output/cell.ts';
import type { Style } from '../output/print.ts';
import { safeJson, safeLine } from '../output/safe-text.ts';
import { eachPage } from '../pages.ts';
import { findFunction } from './deploy.ts';

/** Beyond this the oldest are forgotten; a page of the list never reaches that far back. */
const SEEN_MAX = 5_000;
const PAGE = 50;
const RUNNING = new Set(['queued', 'running']);

export interface LogTail {
  readonly accountId: string | undefined;
  readonly functionId: string | undefined;
  readonly name: string | undefined;
  readonly follow: boolean;
  readonly intervalSeconds: number;
  readonly style: Style;
}

/** What earlier rounds have printed, and what they met still running. */
interface Progress {
  started: boolean;
  readonly seen: Set<string>;
  readonly running: Set<string>;
}

export async function tailLogs(session: Session, tail: LogTail): Promise<void> {
  const accountId = requireAccount(session, tail.accountId);
  const functionId = tail.functionId ?? (await functionIdOf(session, accountId, tail.name));
  const progress: Progress = { started: false, seen: new Set(), running: new Set() };
  for (;;) {
    const ended = await listEnded(session, { accountId, functionId, progress });
    for (const execution of ended) await printExecution(session, tail, { accountId, execution });
    if (!tail.follow || session.io.signal.aborted) return;
    await session.io.wait(tail.intervalSeconds * 1000, session.io.signal);
    if (session.io.signal.aborted) return;
  }
}

async function functionIdOf(
  session: Session,
  accountId: string,
  name: string | undefined,
): Promise<string | undefined> {
  if (name === undefined) return undefined;
  const found = await findFunction(session, { accountId, name });
  if (found !== undefined) return String(found.id);
  throw new CliFailure({
    exitCode: EXIT.notFound,
    code: 'request.not_found',
    detail: `there is no function named ${name}`,
  });
}

interface Round {
  readonly accountId: string;
  readonly functionId: string | undefined;
  readonly progress: Progress;
}

/**
 * Oldest first. What ran in an earlier round is asked for by id: the list may have moved far beyond
 * it.
 */
async function listEnded(session: Session, round: Round): Promise<readonly Row[]> {
  const { accountId, progress } = round;
  const { seen, running } = progress;
  const found = new Map<string, Row>();
  for (const row of await listFresh(session, round)) found.set(String(row.id), row);
  for (const id of running) {
    if (found.has(id)) continue;
    const { body } = await session.call('executions.getExecution', { accountId, executionId: id });
    if (isRow(body)) found.set(id, body);
  }
  running.clear();
  const ended = [...found].filter(([id, row]) => {
    if (!RUNNING.has(String(row.status))) return true;
    running.add(id);
    return false;
  });
  for (const [id] of found) seen.add(id);
  forgetOldest(seen);
  progress.started = true;
  // Ids sort by the time they were made.
  return ended.sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
}

/**
 * Pages back until one holds an execution already met, so that a burst larger than a page loses
 * nothing.
 */
async function listFresh(session: Session, round: Round): Promise<readonly Row[]> {
  const { accountId, functionId, progress } = round;
  const command = findCommand(session.table, 'executions.listExecutions');
  const call = callOf(command, { accountId, functionId, limit: PAGE });
  const fresh: Row[] = [];
  for await (const page of eachPage(session.api, call)) {
    const rows = page.filter(isRow);
    fresh.push(...rows.filter(({ id }) => !progress.seen.has(String(id))));
    const meetsSeen = rows.some(({ id }) => progress.seen.has(String(id)));
    // The first round shows the latest page; after it, an empty list of seen means that all is
    // fresh.
    if (meetsSeen || !progress.started) break;
  }
  return fresh;
}

function forgetOldest(seen: Set<string>): void {
  for (const id of seen) {
    if (seen.size <= SEEN_MAX) return;
    seen.delete(id);
  }
}

interface PrintedExecution {
  readonly accountId: string;
  readonly execution: Row;
}

async function printExecution(
  session: Session,
  { style }: LogTail,
  { accountId, execution }: PrintedExecution,
): Promise<void> {
  const { io } = session;
  const lines = await readLines(session, accountId, execution.id);
  if (style.json) {
    const { id, functionId, status } = execution;
    io.stdout.write(`${safeJson({ executionId: id, functionId, status, logs: lines ?? null })}\n`);
    return;
  }
  const head = [execution.startedAt ?? execution.createdAt, execution.id, execution.status];
  io.stdout.write(`${head.map((part) => cellText(part)).join('  ')}\n`);
  // The bar keeps a function from printing a line that looks like the head of another execution.
  for (const line of lines ?? ['(its logs are no longer kept)'])
    io.stdout.write(`  | ${safeLine(lineText(line))}\n`);
}

/** Undefined when retention has taken them; the tail goes on. */
async function readLines(
  session: Session,
  accountId: string,
  executionId: unknown,
): Promise<readonly unknown[] | undefined> {
  try {
    const { body } = await session.call('executions.getLogs', { accountId, executionId });
    return isRow(body) && Array.isArray(body.items) ? body.items : [];
  } catch (error) {
    if (error instanceof CliFailure && error.facts.exitCode === EXIT.notFound) return undefined;
    throw error;
  }
}

function lineText(line: unknown): string {
  if (!isRow(line)) return String(line);
  const level = line.level === 'log' ? '' : `${cellText(line.level)}: `;
  return `${level}${cellText(line.message)}`;
}
