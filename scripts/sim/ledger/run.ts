/**
 * One run of the ledger simulation: a seed in, what broke out. Four books of one network are driven
 * by random commands; every message between them may be lost, doubled and overtaken, every turn may
 * die at any statement, every answer may be lost and asked for again. After each step the book that
 * was touched is held against the model, and now and then all of them together.
 */
import type { Executed } from '../../../durable-objects/account-ledger/rpc.ts';
import type { Command } from '../../../worker/core/ledger/commands.ts';
import type { BookMove, MoveAnswer } from '../../../worker/core/ledger/moves.ts';
import type { Result } from '../../../worker/core/result.ts';
import { type Chance, chanceOf } from '../random.ts';
import { commandFor } from './commands.ts';
import { expectBook, expectClosed, expectWorld } from './invariants.ts';
import { BookModel, type Sent } from './model.ts';
import { ADDRESSES, type LedgerUnderTest, MAGIC, OWNERS, PLATFORM_OWNER } from './world.ts';

export interface Told {
  readonly order: { readonly owner: string; readonly command: Command };
  readonly answer: Executed;
}

export type Message =
  | { readonly kind: 'move'; readonly move: BookMove }
  | { readonly kind: 'answer'; readonly move: BookMove; readonly answer: MoveAnswer };

export interface Bank {
  readonly chance: Chance;
  readonly clock: { now: number };
  readonly books: ReadonlyMap<string, LedgerUnderTest>;
  readonly models: ReadonlyMap<string, BookModel>;
  /** Under way, in no order. */
  readonly messages: Message[];
  /** By sender and id, `owner id`: what the model has sent and not cleared. */
  readonly sent: Map<string, Sent>;
  /** The same: which number the book gave it, the last time. */
  readonly numbers: Map<string, number>;
  readonly told: Told[];
  readonly suspended: string[];
  readonly violations: string[];
  height: number;
  commands: number;
}

export interface LedgerRun {
  readonly seed: number;
  readonly violations: readonly string[];
  readonly accepted: number;
  readonly deaths: number;
}

export interface LedgerRunOptions {
  readonly startAt: number;
  readonly commands: number;
  makeBook(name: string, clock: () => number): LedgerUnderTest | Promise<LedgerUnderTest>;
  readonly isDeath: (thrown: unknown) => boolean;
}

const HOUR_MS = 3_600_000;

export async function simulateLedger(seed: number, options: LedgerRunOptions): Promise<LedgerRun> {
  const bank = await openBank(seed, options);
  const stats = { deaths: 0 };
  while (bank.commands < options.commands && bank.violations.length === 0)
    try {
      await step(bank);
    } catch (thrown) {
      if (!options.isDeath(thrown)) throw thrown;
      stats.deaths += 1;
      for (const book of bank.books.values()) {
        book.dieAfter(null);
        await book.restart();
      }
    }
  if (bank.violations.length === 0) await settle(bank);
  return { seed, violations: bank.violations, accepted: bank.told.length, ...stats };
}

async function openBank(seed: number, options: LedgerRunOptions): Promise<Bank> {
  const clock = { now: options.startAt };
  const books = new Map<string, LedgerUnderTest>();
  for (const owner of OWNERS) books.set(owner, await options.makeBook(owner, () => clock.now));
  const bank: Bank = {
    chance: chanceOf(seed),
    clock,
    books,
    models: new Map(OWNERS.map((owner) => [owner, new BookModel(owner)])),
    messages: [],
    sent: new Map(),
    numbers: new Map(),
    told: [],
    suspended: [],
    violations: [],
    height: 10,
    commands: 0,
  };
  for (const address of ADDRESSES) {
    const common = { id: `watch:${address}`, owner: 'chain' } as const;
    const opening = address === ADDRESSES[0] ? 500_000_000n : 0n;
    await give(bank, PLATFORM_OWNER, { ...common, kind: 'watch', address, height: 5, opening });
  }
  return bank;
}

async function step(bank: Bank): Promise<void> {
  const { chance, clock } = bank;
  const owner = chance.oneOf(OWNERS);
  const book = bookOf(bank, owner);
  const pick = chance.between(0, 99);
  clock.now += chance.hits(0.01) ? 8 * HOUR_MS : chance.between(0, 20_000);
  if (chance.hits(0.03)) book.dieAfter(chance.between(0, 25));
  if (pick < 55) await giveRandom(bank, owner);
  else if (pick < 63) await repeat(bank);
  else if (pick < 70) await ring(bank, owner);
  else if (pick < 96) await deliver(bank);
  else if (pick < 99) await check(bank, owner);
  else await close(bank);
  book.dieAfter(null);
}

const bookOf = ({ books }: Bank, owner: string): LedgerUnderTest => found(books.get(owner));
const modelOf = ({ models }: Bank, owner: string): BookModel => found(models.get(owner));

async function giveRandom(bank: Bank, owner: string): Promise<void> {
  bank.height += Number(bank.chance.hits(0.3));
  const model = modelOf(bank, owner);
  const { chance, commands: number, height, suspended } = bank;
  const command = commandFor({ chance, model, number, height, suspended });
  bank.commands += 1;
  await give(bank, owner, command);
}

/** The book's answer against what the model says it should be. */
async function give(bank: Bank, owner: string, command: Command): Promise<void> {
  const order = { book: { magic: MAGIC, owner }, command };
  const result: Result<Executed> = await bookOf(bank, owner).execute(order);
  const effect = modelOf(bank, owner).play(command, bank.clock.now);
  const where = `${owner} ${JSON.stringify(command, text)}`;
  if (result.ok !== (effect !== null)) {
    const code = result.ok ? 'took it' : result.failure.code;
    bank.violations.push(
      `${where}: the book ${code}, the model ${effect === null ? 'refuses' : 'takes it'}`,
    );
  }
  if (!result.ok || effect === null) return;
  const { gas, credits } = result.value;
  if (gas !== effect.gas || credits !== effect.credits)
    bank.violations.push(
      `${where}: ${gas} and ${credits}, the model ${effect.gas} and ${effect.credits}`,
    );
  bank.told.push({ order: { owner, command }, answer: result.value });
  if (effect.sent !== undefined) {
    bank.sent.set(`${owner} ${effect.sent.id}`, effect.sent);
    bank.numbers.delete(`${owner} ${effect.sent.id}`);
  }
  if (command.kind === 'chain_entry' && command.destination?.kind === 'suspense')
    bank.suspended.push(command.id);
}

const text = (_key: string, value: unknown): unknown =>
  typeof value === 'bigint' ? value.toString() : value;

/** An answer that was lost: the same again, however late, or with another body. */
async function repeat(bank: Bank): Promise<void> {
  const { told, chance, violations } = bank;
  const earlier = told[chance.between(0, told.length - 1)];
  if (earlier === undefined) return;
  const { owner, command } = earlier.order;
  const book = { magic: MAGIC, owner };
  const again = await bookOf(bank, owner).execute({ book, command });
  const isSame = again.ok && sameAnswer(again.value, earlier.answer);
  if (!isSame) violations.push(`${owner} ${command.id}: another answer the second time`);
  if (owner === PLATFORM_OWNER) return;
  const fresh: Command = { kind: 'open', id: command.id, owner: command.owner, fund: 'otherwise' };
  const conflict = await bookOf(bank, owner).execute({ book, command: fresh });
  if (conflict.ok || conflict.failure.code !== 'gasbank.command_conflict')
    violations.push(`${owner} ${command.id}: another body was taken`);
}

const sameAnswer = (one: Executed, other: Executed): boolean =>
  JSON.stringify({ ...one, isRepeat: null }, text) ===
  JSON.stringify({ ...other, isRepeat: null }, text);

async function ring(bank: Bank, owner: string): Promise<void> {
  const book = bookOf(bank, owner);
  const at = await book.alarmAt();
  if (at === null || at > bank.clock.now) return;
  const moves = await book.ring();
  modelOf(bank, owner).expire(bank.clock.now);
  for (const { fromOwner, id, number } of moves) bank.numbers.set(`${fromOwner} ${id}`, number);
  // The whole handover may be lost.
  if (bank.chance.hits(0.9)) for (const move of moves) bank.messages.push({ kind: 'move', move });
}

/** One of the messages, whichever; it may be lost, and it may come again. */
async function deliver(bank: Bank): Promise<void> {
  const { messages, chance } = bank;
  const index = chance.between(0, messages.length - 1);
  const message = messages[index];
  if (message === undefined) return;
  if (chance.hits(0.8)) messages.splice(index, 1);
  if (chance.hits(0.1)) return;
  await hear(bank, message);
}

async function hear(bank: Bank, message: Message): Promise<void> {
  const { move } = message;
  const sent = bank.sent.get(`${move.fromOwner} ${move.id}`);
  if (message.kind === 'move') {
    const answer = await bookOf(bank, move.toOwner).receive(move);
    if (!answer.ok) return;
    const { magic: _magic, fromOwner: from, toOwner: to, ...rest } = move;
    if (answer.value.isTaken) await expectClosed(bank, to, move.closedHeight);
    const isTaken = modelOf(bank, to).take({ ...rest, from, to, fund: '' });
    if (isTaken !== answer.value.isTaken) bank.violations.push(`${move.id}: taken by one of two`);
    bank.messages.push({ kind: 'answer', move, answer: answer.value });
    return;
  }
  const { number } = move;
  const heard = await bookOf(bank, move.fromOwner).acknowledge({ number, ...message.answer });
  // An answer to what was sent under this id before, refused, and sent anew.
  const isLate = bank.numbers.get(`${move.fromOwner} ${move.id}`) !== number;
  if (!heard.ok || sent === undefined || isLate) return;
  await expectClosed(bank, move.fromOwner, message.answer.closedHeight);
  modelOf(bank, move.fromOwner).clear(sent, message.answer.isTaken);
  bank.sent.delete(`${move.fromOwner} ${move.id}`);
}

/** A height that the chain has come to: the platform first, the others now or later. */
async function close(bank: Bank): Promise<void> {
  const { height } = bank;
  bank.height += 1;
  for (const owner of [PLATFORM_OWNER, ...OWNERS]) {
    if (owner !== PLATFORM_OWNER && bank.chance.hits(0.5)) continue;
    await bookOf(bank, owner).checkpoint({ book: { magic: MAGIC, owner }, height });
  }
}

async function check(bank: Bank, owner: string): Promise<void> {
  await expectBook(bank, owner);
  if (bank.chance.hits(0.1)) await expectWorld(bank);
}

/** Every message arrives at last, every hold's time passes; then nothing may be on its way. */
async function settle(bank: Bank): Promise<void> {
  for (let round = 0; round < 40; round += 1) {
    bank.clock.now += 8 * HOUR_MS;
    for (const owner of OWNERS) {
      await bookOf(bank, owner).checkpoint({
        book: { magic: MAGIC, owner },
        height: bank.height + round,
      });
      await ring(bank, owner);
    }
    while (bank.messages.length > 0) await hear(bank, found(bank.messages.shift()));
  }
  for (const owner of OWNERS) await expectBook(bank, owner);
  await expectWorld(bank);
  if (bank.sent.size > 0) bank.violations.push(`${bank.sent.size} moves never arrived`);
}

function found<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error('the simulation lost track of its own');
  return value;
}
