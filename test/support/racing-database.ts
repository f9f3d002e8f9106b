/**
 * The real database, in which something else happens right before one of its batches: what two
 * requests at the same time do by chance, here each time.
 */
import { env } from 'cloudflare:workers';

/** `turn`: before which batch, counted from 1, or before each. */
export function racingDatabase(turn: number | 'each', change: () => Promise<unknown>): D1Database {
  let batches = 0;
  return new Proxy(env.DB, {
    get: (target, name: keyof D1Database) => {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== 'function') return member;
      if (name !== 'batch') return member.bind(target) as unknown;
      return async (statements: D1PreparedStatement[]) => {
        batches += 1;
        if (turn === 'each' || batches === turn) await change();
        return target.batch(statements);
      };
    },
  });
}
