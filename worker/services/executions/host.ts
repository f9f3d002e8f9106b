/**
 * What a function's host calls do for real: reads of a chain (chain-host.ts), and HTTP through the egress door, each
 * hop within the function's permissions.
 * An answer that echoes a secret reaches the code, and thereby the journal, with `[secret:NAME]` in its place: journals
 * hold secrets by id and version only, and what a replay feeds the code must be what it saw.
 */
import type { EgressPolicy } from '../../core/egress/policy.ts';
import { isChainRead } from '../../core/functions-runtime/call-kinds.ts';
import type { Host, HostCall } from '../../core/functions-runtime/host-calls.ts';
import type { HttpRequest } from '../../core/functions-runtime/http-request.ts';
import type { HostAnswer } from '../../core/functions-runtime/journal.ts';
import { allowsUrl, type Permissions } from '../../core/functions-runtime/permissions.ts';
import { createRedactor } from '../../core/functions-runtime/redact.ts';
import type { Settings } from '../../env.ts';
import { egressFetch } from '../../http/egress.ts';
import { metrics } from '../../http/observe.ts';
import { createChainHost } from './chain-host.ts';
import type { RunDeps } from './deps.ts';

export interface SecretValue {
  readonly name: string;
  readonly value: string;
}

/** The operator's exceptions and our own names. */
const egressPolicy = ({ EGRESS_ALLOW, OWN_HOSTS }: Settings): EgressPolicy => ({
  allow: EGRESS_ALLOW,
  ownHosts: OWN_HOSTS,
});

export interface HostRights {
  readonly permissions: Permissions;
  readonly secrets: readonly SecretValue[];
}

export function createHost(deps: Pick<RunDeps, 'settings' | 'log'>, rights: HostRights): Host {
  const chain = createChainHost(deps, rights.secrets);
  const http = createHttpHost(egressPolicy(deps.settings), rights);
  return (call) => (isChainRead(call.kind) ? chain(call) : http(call));
}

function createHttpHost(policy: EgressPolicy, { permissions, secrets }: HostRights): Host {
  const redactor = createRedactor(secrets);
  return async (call: HostCall): Promise<HostAnswer> => {
    // The runtime checked the shape at its door (functions-runtime/http-request.ts).
    const request = call.request as unknown as HttpRequest;
    const answer = await egressFetch(
      {
        url: request.url,
        method: request.method,
        headers: Object.entries(request.headers),
        body: request.body === null ? undefined : new TextEncoder().encode(request.body),
        sensitive: headersWithSecrets(request.headers, secrets),
      },
      {
        policy,
        admits: (url) => allowsUrl(permissions, url),
        fetch: (url, init) => fetch(url, init),
        bounds: { responseBytesMax: call.answerBytesMax },
        signal: call.signal,
      },
    );
    metrics.count('nsl_egress_requests_total', { outcome: outcomeOf(answer) });
    if (!answer.ok)
      return {
        ok: false,
        code: answer.failure.code,
        // On Cloudflare no door takes its marks out of answers, so a detail can be the remote host's.
        message: redactor.text(answer.failure.detail ?? answer.failure.code),
      };
    const { status, headers, body } = answer.value;
    const text = new TextDecoder('utf-8', { fatal: false, ignoreBOM: false }).decode(body);
    const value = { status, headers: joinHeaders(headers), body: text };
    return { ok: true, value: redactor.json(value) };
  };
}

/** The attack: a redirect to another origin carries a key that the user put into a header of their own naming. */
function headersWithSecrets(
  headers: Readonly<Record<string, string>>,
  secrets: readonly SecretValue[],
): ReadonlySet<string> {
  const holds = (text: string) => secrets.some(({ value }) => value !== '' && text.includes(value));
  const names = Object.entries(headers).filter(([, value]) => holds(value));
  return new Set(names.map(([name]) => name.toLowerCase()));
}

/** RFC 9110 section 5.3: fields of one name join with a comma. */
function joinHeaders(pairs: readonly (readonly [string, string])[]): Record<string, string> {
  const joined: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const [name, value] of pairs) {
    const key = name.toLowerCase();
    joined[key] = joined[key] === undefined ? value : `${joined[key]}, ${value}`;
  }
  return { ...joined };
}

function outcomeOf(answer: { ok: boolean; failure?: { code: string } }): string {
  switch (answer.failure?.code) {
    case undefined:
      return 'answered';
    case 'egress.refused':
      return 'refused';
    case 'egress.timed_out':
      return 'timed_out';
    case 'egress.too_large':
      return 'too_large';
    default:
      return 'failed';
  }
}
