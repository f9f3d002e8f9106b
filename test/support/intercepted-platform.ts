/**
 * The platform with a hand between its caller and every port that is awaited: each statement and
 * batch of the database, each call of a book or a sender. What a crash, a lost answer or a rival do
 * at one of them by chance, a test does here at each of them in turn. Ports that change nothing,
 * nodes above all, are not counted: dying before one of them is dying before the next that is.
 */
import { env } from 'cloudflare:workers';
import type { Env } from '../../worker/env.ts';
import type { Alterations } from './altered-platform.ts';

type Call = () => Promise<unknown>;
/** `number`: of the call, counted from 1. */
type Intercept = (call: Call, number: number) => Promise<unknown>;

const TERMINALS = new Set(['first', 'run', 'all', 'raw']);
// The bindings are those of the test's Worker.
const platform = env as unknown as Env;

type Method = (...args: readonly unknown[]) => unknown;

function interceptedPlatform(intercept: Intercept): Alterations {
  let calls = 0;
  const through = (call: Call): Promise<unknown> => {
    calls += 1;
    return intercept(call, calls);
  };
  return {
    DB: interceptedDatabase(through),
    ACCOUNT_LEDGER: interceptedObjects(platform.ACCOUNT_LEDGER, through),
    NEO_SENDER: interceptedObjects(platform.NEO_SENDER, through),
  };
}

type Through = (call: Call) => Promise<unknown>;

function interceptedDatabase(through: Through): D1Database {
  const originals = new WeakMap<object, D1PreparedStatement>();
  const wrap = (statement: D1PreparedStatement): D1PreparedStatement => {
    const wrapped = new Proxy(statement, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name);
        if (typeof member !== 'function') return member;
        // Of whichever method it is.
        const method = member.bind(target) as Method;
        if (name === 'bind')
          return (...values: readonly unknown[]) => wrap(method(...values) as D1PreparedStatement);
        if (!TERMINALS.has(String(name))) return method;
        return (...args: readonly unknown[]) => through(async () => method(...args));
      },
    });
    originals.set(wrapped, statement);
    return wrapped;
  };
  return new Proxy(platform.DB, {
    get: (target, name) => {
      if (name === 'prepare') return (query: string) => wrap(target.prepare(query));
      if (name === 'batch')
        return (statements: readonly D1PreparedStatement[]) =>
          through(() => target.batch(statements.map((one) => originals.get(one) ?? one)));
      const member: unknown = Reflect.get(target, name);
      return typeof member === 'function' ? (member.bind(target) as unknown) : member;
    },
  });
}

/** A namespace of objects, with a hand between it and each call of one of them. */
export function interceptedObjects<Namespace extends object>(
  namespace: Namespace,
  through: (call: Call, method: string, args: readonly unknown[]) => Promise<unknown>,
): Namespace {
  return new Proxy(namespace, {
    get: (target, name) => {
      const member: unknown = Reflect.get(target, name);
      if (name !== 'getByName' || typeof member !== 'function') return member;
      return (object: string) => {
        const stub: object = member.call(target, object);
        return new Proxy(stub, {
          get: (inner, method) => {
            // A stub makes a method of every name.
            const call = Reflect.get(inner, method) as Method;
            return (...args: readonly unknown[]) =>
              through(async () => call(...args), String(method), args);
          },
        });
      };
    },
  });
}

export const LOST = 'the connection was lost';
export type Moment = 'before' | 'after';

/** A namespace whose objects die at some calls: before they did anything, or after, when the answer is lost. */
export function namespaceThatDies<Namespace extends object>(
  namespace: Namespace,
  isFatal: (method: string, args: readonly unknown[]) => boolean,
  when: Moment,
): Namespace {
  return interceptedObjects(namespace, async (call, method, args) => {
    if (!isFatal(method, args)) return call();
    if (when === 'after') await call();
    throw new Error(LOST);
  });
}

/** The objects of one class, where one method dies. */
export const objectsThatDie = (
  name: 'ACCOUNT_LEDGER' | 'NEO_SENDER',
  method: string,
  when: Moment,
): Alterations => ({
  [name]: namespaceThatDies(platform[name], (called) => called === method, when),
});

/** `dies`: it and all that comes after; `fails`: it alone; `goes unanswered`: done, and not known. */
export const FATES = ['dies', 'fails', 'goes unanswered'] as const;
export type Fate = (typeof FATES)[number];

export interface Fated {
  readonly platform: Alterations;
  /** Whether there was a call with that number. */
  readonly isReached: () => boolean;
}

/** Something happens to the call with this number. */
export function fated(number: number, fate: Fate): Fated {
  let isReached = false;
  const altered = interceptedPlatform(async (call, at) => {
    if (at < number || (at > number && fate !== 'dies')) return call();
    isReached = true;
    if (fate === 'goes unanswered') await call();
    throw new Error(LOST);
  });
  return { platform: altered, isReached: () => isReached };
}

/** Somebody else acts, from the beginning to the end, right before the call with this number. */
export function overtaken(number: number, act: () => Promise<unknown>): Fated {
  let isReached = false;
  const altered = interceptedPlatform(async (call, at) => {
    if (at === number) {
      isReached = true;
      await act();
    }
    return call();
  });
  return { platform: altered, isReached: () => isReached };
}

/** Once for each call there is, in their order, until there is none with the number. */
export async function atEachCall(
  make: (number: number) => Fated,
  play: (platform: Alterations, number: number) => Promise<unknown>,
): Promise<number> {
  for (let number = 1; ; number += 1) {
    const { platform: altered, isReached } = make(number);
    await play(altered, number);
    if (!isReached()) return number - 1;
  }
}
