/**
 * Load on one served Worker: some keep-alive connections, each with one request at a time, for some
 * seconds. Times are taken by the client and to the microsecond. An answer that is not 2xx, a lost
 * request or a broken connection fails the bench: a refusal is quicker than the work and would
 * otherwise look like speed.
 */
import autocannon from 'autocannon';
import { UserError } from '../serve/user-error.ts';
import { type Timing, toTiming } from './statistics.ts';

export interface RequestForm {
  readonly url: string;
  readonly method: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface Load {
  readonly connections: number;
  readonly seconds: number;
}

const TIMEOUT_SECONDS = 20;
const SAMPLE_MS = 100;

export async function measure(request: RequestForm, load: Load): Promise<Timing> {
  const durationsMs: number[] = [];
  const refused = new Map<number, number>();
  const run = autocannon({
    ...request,
    connections: load.connections,
    duration: load.seconds,
    sampleInt: SAMPLE_MS,
    timeout: TIMEOUT_SECONDS,
  });
  const startedAt = performance.now();
  let lastAt = startedAt;
  run.on('response', (_client: unknown, status: number, _bytes: number, ms: number) => {
    lastAt = performance.now();
    if (status >= 200 && status < 300) durationsMs.push(ms);
    else refused.set(status, (refused.get(status) ?? 0) + 1);
  });
  const { errors, timeouts } = await run;
  if (refused.size > 0 || errors > 0 || durationsMs.length === 0) {
    throw new UserError(await explain(request, { refused, errors, timeouts }));
  }
  return toTiming(durationsMs, lastAt - startedAt);
}

interface Faults {
  readonly refused: ReadonlyMap<number, number>;
  readonly errors: number;
  readonly timeouts: number;
}

/** One more request shows what is refused; the load itself keeps no bodies. */
async function explain(request: RequestForm, faults: Faults): Promise<string> {
  const { url, method, headers, body } = request;
  const statuses = [...faults.refused].map(([status, count]) => `${count} times ${status}`);
  const sample = await fetch(url, {
    method,
    ...(headers === undefined ? {} : { headers }),
    ...(body === undefined ? {} : { body }),
  }).then(
    async (answer) => `${answer.status} ${await answer.text()}`,
    (error: unknown) => String(error),
  );
  return (
    `${method} ${new URL(url).pathname} did not always succeed: ` +
    `${statuses.join(', ') || 'no answer refused'}, ${faults.errors} broken or lost ` +
    `(${faults.timeouts} after ${TIMEOUT_SECONDS} s). Asked once more: ${sample}`
  );
}
