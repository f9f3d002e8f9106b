/**
 * What `Devpack.chain` reads for real: from the nodes of a configured network, one read of a run
 * after the other, so that a run holds one answer at a time and no node is stormed by one function.
 * Answers reach the code, and thereby the journal, with `[secret:NAME]` in the place of secrets, as
 * those of HTTP hosts do (host.ts).
 */

import { ERRORS } from '../../core/errors.ts';
import { type ChainRead, isChainRead } from '../../core/functions-runtime/call-kinds.ts';
import type { Host, HostCall } from '../../core/functions-runtime/host-calls.ts';
import type { HostAnswer } from '../../core/functions-runtime/journal.ts';
import { type JsonValue, utf8Length } from '../../core/functions-runtime/json-text.ts';
import { LIMITS } from '../../core/functions-runtime/limits.ts';
import { createRedactor, type Redactor, type Secret } from '../../core/functions-runtime/redact.ts';
import { err, type Failure, type Result } from '../../core/result.ts';
import type { Settings } from '../../env.ts';
import { findNetwork, type Network } from '../chain/index.ts';
import { READS } from './chain-reads.ts';
import type { RunDeps } from './deps.ts';

type ReaderDeps = Pick<RunDeps, 'settings' | 'log'>;

export function createChainHost(deps: ReaderDeps, secrets: readonly Secret[]): Host {
  const redactor = createRedactor(secrets);
  let before: Promise<unknown> = Promise.resolve();
  return (call) => {
    const answer = before.then(() => answerOf(deps, call, redactor));
    // Whoever asked is told of a failure; the next read is made all the same.
    before = answer.catch(() => undefined);
    return answer;
  };
}

async function answerOf(
  deps: ReaderDeps,
  { kind, request, answerBytesMax, signal }: HostCall,
  redactor: Redactor,
): Promise<HostAnswer> {
  // The run is over; nobody waits for what is left of its reads.
  if (signal.aborted) return failureOf({ code: 'chain.unavailable' }, redactor);
  const read = isChainRead(kind)
    ? await readChain(deps, { kind, request }, redactor)
    : err('functions.call_invalid');
  if (!read.ok) return failureOf(read.failure, redactor);
  const text = JSON.stringify(read.value);
  const bytesMax = Math.min(LIMITS.chainAnswerBytesMax.value, answerBytesMax);
  if (utf8Length(text) > bytesMax) return failureOf({ code: 'chain.answer_too_large' }, redactor);
  // What JSON.stringify wrote a moment ago.
  return { ok: true, value: redactor.json(JSON.parse(text) as JsonValue) };
}

interface Asked {
  readonly kind: ChainRead;
  /** The runtime's door let nothing but an object pass (functions-runtime/call-kinds.ts). */
  readonly request: JsonValue;
}

async function readChain(
  { settings, log }: ReaderDeps,
  { kind, request }: Asked,
  redactor: Redactor,
): Promise<Result<unknown>> {
  const { network: named, ...rest } = request as { readonly [name: string]: JsonValue };
  const network = chooseNetwork(settings, named ?? null);
  if (!network.ok) return network;
  const { client, settings: chosen } = network.value;
  const read = await READS[kind]({ client, redactor }, rest);
  if (!read.ok && read.failure.code === 'chain.unavailable')
    log.warn('chain.unavailable', { network: chosen.id, read: kind });
  return read;
}

/** Code need not name the network where there is one. */
function chooseNetwork(
  settings: Settings,
  named: JsonValue,
): Result<Network, 'chain.network_unknown' | 'functions.call_invalid'> {
  if (typeof named === 'string') return findNetwork(settings, named);
  if (named !== null) return err('functions.call_invalid', { detail: '/network is no text' });
  const networks = settings.NEO_NETWORKS;
  const [only, ...others] = networks;
  if (only === undefined)
    return err('chain.network_unknown', { detail: 'No Neo network is configured here' });
  if (others.length === 0) return findNetwork(settings, only.id);
  const ids = networks.map(({ id }) => id).join(', ');
  return err('chain.network_unknown', { detail: `Name one of the networks ${ids}` });
}

/** Messages of nodes and contracts may be long, and may repeat what they were sent. */
function failureOf({ code, detail }: Failure, redactor: Redactor): HostAnswer {
  const message = redactor.text(detail ?? ERRORS[code].title);
  // Half a surrogate pair at the cut could not be hashed with the journal.
  return { ok: false, code, message: message.slice(0, LIMITS.errorCharsMax.value).toWellFormed() };
}
