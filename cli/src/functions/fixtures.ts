/**
 * Answers of HTTP calls and of reads of a chain from files, in the form of the `fixtures` and
 * `chainFixtures` of `functions.testFunction`. Each is given once, to the first call that it fits;
 * a call without one fails as if the host, or the network, could not be reached.
 */
import * as z from 'zod';
import { isChainRead } from '../../../worker/core/functions-runtime/call-kinds.ts';
import {
  answerFromFixtures,
  type ChainFixture,
  chainFixtureSchema,
} from '../../../worker/core/functions-runtime/chain-fixtures.ts';
import type { Host, HostCall } from '../../../worker/core/functions-runtime/host-calls.ts';
import type { HttpRequest } from '../../../worker/core/functions-runtime/http-request.ts';
import type { HostAnswer } from '../../../worker/core/functions-runtime/journal.ts';
import { usage } from '../failure.ts';

const fixtureSchema = z.strictObject({
  method: z.string().default('GET'),
  url: z.string(),
  status: z.int().min(200).max(599).default(200),
  headers: z.record(z.string(), z.string()).default({}),
  body: z.string().default(''),
});

export interface Fixtures {
  readonly http: unknown;
  readonly chain: unknown;
}

/** Null and absent stand for none. */
export function fixtureHost({ http, chain }: Fixtures): Host {
  const ofHttp = httpHost(parseFixtures(fixtureSchema, http, '--fixtures'));
  const ofChain = chainHost(parseFixtures(chainFixtureSchema, chain, '--chain-fixtures'));
  return (call) => (isChainRead(call.kind) ? ofChain(call) : ofHttp(call));
}

function parseFixtures<Fixture>(
  schema: z.ZodType<Fixture>,
  value: unknown,
  flag: string,
): Fixture[] {
  const parsed = z.array(schema).safeParse(value ?? []);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw usage(`${flag}: ${issue?.path.join('/')}: ${issue?.message}`);
}

const chainHost =
  (left: ChainFixture[]): Host =>
  (call) =>
    Promise.resolve(
      answerFromFixtures(left, call) ?? {
        ok: false,
        code: 'chain.unavailable',
        message: `There is no fixture for ${call.kind} ${JSON.stringify(call.request).slice(0, 500)}`,
      },
    );

function httpHost(left: HttpFixture[]): Host {
  return (call: HostCall): Promise<HostAnswer> => {
    // The runtime checked the shape at its door (functions-runtime/http-request.ts).
    const request = call.request as unknown as HttpRequest;
    const at = left.findIndex(
      ({ method, url }) => method === request.method && url === request.url,
    );
    const [fixture] = at === -1 ? [] : left.splice(at, 1);
    return Promise.resolve(fixture === undefined ? unanswered(request) : answerOf(fixture));
  };
}

type HttpFixture = z.infer<typeof fixtureSchema>;

const unanswered = ({ method, url }: HttpRequest): HostAnswer => ({
  ok: false,
  code: 'upstream.unavailable',
  message: `There is no fixture for ${method} ${url}`,
});

function answerOf({ status, headers, body }: HttpFixture): HostAnswer {
  const lowered = Object.entries(headers).map(([name, text]) => [name.toLowerCase(), text]);
  return { ok: true, value: { status, headers: Object.fromEntries(lowered), body } };
}
