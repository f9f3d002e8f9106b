/**
 * * Answers of HTTP calls from a file, in the form of the `fixtures` of `functions.testFunction`.
 * Each is given once, to the first call of its method and URL; a call without one fails as if the
 * host could not be reached.
 */
import { z } from 'zod';
import type {
  Host,
  HostCall,
  HttpRequest,
} from '../../../worker/core/functions-runtime/host-calls.ts';
import type { HostAnswer } from '../../../worker/core/functions-runtime/journal.ts';
import { usage } from '../failure.ts';

const fixtureSchema = z.strictObject({
  method: z.string().default('GET'),
  url: z.string(),
  status: z.int().min(200).max(599).default(200),
  headers: z.record(z.string(), z.string()).default({}),
  body: z.string().default(''),
});

export function fixtureHost(value: unknown): Host {
  const parsed = z.array(fixtureSchema).safeParse(value ?? []);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw usage(`--fixtures: ${issue?.path.join('/')}: ${issue?.message}`);
  }
  const left = [...parsed.data];
  return (call: HostCall): Promise<HostAnswer> => {
    // The runtime checked the shape at its door (functions-runtime/host-calls.ts).
    const request = call.request as unknown as HttpRequest;
    const at = left.findIndex(
      ({ method, url }) => method === request.method && url === request.url,
    );
    const [fixture] = at === -1 ? [] : left.splice(at, 1);
    return Promise.resolve(fixture === undefined ? unanswered(request) : answerOf(fixture));
  };
}

const unanswered = ({ method, url }: HttpRequest): HostAnswer => ({
  ok: false,
  code: 'upstream.unavailable',
  message: `There is no fixture for ${method} ${url}`,
});

function answerOf({ status, headers, body }: z.infer<typeof fixtureSchema>): HostAnswer {
  const lowered = Object.entries(headers).map(([name, text]) => [name.toLowerCase(), text]);
  return { ok: true, value: { status, headers: Object.fromEntries(lowered), body } };
}
