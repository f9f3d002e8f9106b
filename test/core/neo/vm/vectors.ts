/**
 * The vectors of Neo beside the repository, read and never copied. Absent ones are told once, and
 * the tests that need them are skipped.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = join(import.meta.dirname, '../../../../../shared/vectors/neo');

/** Undefined when absent; the readers give it the file's own form. */
export function readVector(name: string): unknown {
  const place = join(FOLDER, name);
  if (existsSync(place)) return JSON.parse(readFileSync(place, 'utf8'));
  console.info(`The vectors ${name} are absent: their tests are skipped.`);
  return undefined;
}

interface Exchange {
  readonly request: unknown;
  readonly response: unknown;
}

/** What a neo-go 0.122.0 node answered, by name. */
export const liveSamples = (readVector('rpc-samples/live-neo-go-0.122.json') ?? {}) as Readonly<
  Record<string, Exchange>
>;

/** The results of all calls of a method, each with the sample's name. */
export const liveResults = (method: string): readonly (readonly [string, unknown])[] =>
  Object.entries(liveSamples).flatMap(([name, { request, response }]) =>
    fieldOf(request, 'method') === method && fieldOf(response, 'result') !== undefined
      ? [[name, fieldOf(response, 'result')] as const]
      : [],
  );

export const liveResult = (name: string): unknown => fieldOf(liveSamples[name]?.response, 'result');

/** The events that a WebSocket stream gave in any sample. */
export const liveEvents = (stream: string): readonly unknown[] =>
  Object.values(liveSamples).flatMap(({ response }) =>
    Array.isArray(response)
      ? response.flatMap((event: unknown) =>
          fieldOf(event, 'method') === stream ? listOf(fieldOf(event, 'params')) : [],
        )
      : [],
  );

/** The results within the C# node's documented samples of a method. */
export const documentedResults = (method: string): readonly unknown[] =>
  listOf(fieldOf(readVector(`rpc-samples/${method}.json`), 'examples')).flatMap((example) => {
    const result = fieldOf(example, 'result');
    return result === undefined ? [] : [result];
  });

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? Reflect.get(value, name)
    : undefined;
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
