/**
 * A run without effect, to try a function: actions are planned and not done, HTTP is answered from fixtures, secrets are
 * the values given in the request and never those of the vault. No execution, journal entry or action is written.
 */
import type { Host, HttpRequest } from '../../core/functions-runtime/host-calls.ts';
import type { HostAnswer } from '../../core/functions-runtime/journal.ts';
import type { JsonValue } from '../../core/functions-runtime/json-text.ts';
import { recordedOutcome } from '../../core/functions-runtime/recorded-outcome.ts';
import { err, ok } from '../../core/result.ts';
import { type RequestContext, randomBytes } from '../../http/request-context.ts';
import { takeTurn } from '../../http/turns.ts';
import { RUNTIMES } from '../../runtimes/generated/index.ts';
import {
  createHost,
  egressPolicy,
  permissionsOf,
  runInTurn,
  runLimitsOf,
} from '../executions/index.ts';
import { validateInput } from './input-schema.ts';
import type { FunctionKey } from './service.ts';
import { loadFunction, loadVersion } from './store.ts';

interface Fixture {
  readonly method: string;
  readonly url: string;
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body: string;
}

export interface TrialRequest {
  readonly versionId?: string | undefined;
  readonly params?: JsonValue | undefined;
  readonly secrets?: Readonly<Record<string, string>> | undefined;
  readonly fixtures?: readonly Fixture[] | undefined;
  readonly allowNetwork: boolean;
}

export async function testFunction(
  context: RequestContext,
  { accountId, functionId }: FunctionKey,
  request: TrialRequest,
) {
  const found = await loadFunction(context.db, accountId, functionId);
  const versionId = request.versionId ?? found?.active?.versionId ?? found?.latest.versionId;
  const version = versionId ? await loadVersion(context.db, accountId, versionId) : undefined;
  if (!version || version.functionId !== functionId) return err('request.not_found');
  const input = request.params ?? null;
  const valid = await validateInput(version.inputSchema, input);
  if (!valid.ok) return valid;
  const turn = await takeTurn({ accountId, memoryBytes: runLimitsOf(version).memoryBytes });
  if (!turn.ok) return turn;
  const secrets = Object.entries(request.secrets ?? {}).map(([name, value]) => ({
    name,
    value,
    versionId: `${name}@test`,
  }));
  const real = createHost(egressPolicy(context.settings), secrets);
  const result = await runInTurn(turn.value, {
    accountId,
    runtime: RUNTIMES[0],
    source: version.source,
    entryForm: version.entryForm,
    params: input,
    secrets,
    seed: randomBytes(32),
    clockMs: context.now,
    limits: runLimitsOf(version),
    permissions: permissionsOf(version),
    context: { functionId, accountId },
    host: withFixtures(request.fixtures ?? [], request.allowNetwork ? real : refuseCall),
    isCancelled: () => Promise.resolve(false),
  });
  const outcome = recordedOutcome(result, secrets);
  const body = {
    status: result.status === 'succeeded' ? 'succeeded' : 'failed',
    output: outcome.output as never,
    error: outcome.error,
    logs: outcome.logs.map((line) => ({ ...line })),
    plannedActions: outcome.actions.map(({ type, params }) => ({ type, params: params as never })),
    httpCalls: result.journal.filter((entry) => entry.type === 'call').length,
    fuel: result.fuelUsed,
    memoryBytes: result.memoryBytes,
    runtimeVersion: RUNTIMES[0].runtimeVersion,
  } as const;
  return ok({ status: 200, body } as const);
}

const refuseCall: Host = () =>
  Promise.resolve({
    ok: false,
    code: 'functions.permission_denied',
    message: 'No fixture answers this call; add one, or set allowNetwork.',
  });

/** Each fixture answers once, the first that fits; so two calls to one URL can be answered differently. */
function withFixtures(fixtures: readonly Fixture[], otherwise: Host): Host {
  const left = [...fixtures];
  return (call) => {
    // The runtime checked the shape at its door.
    const request = call.request as unknown as HttpRequest;
    const at = left.findIndex(
      ({ method, url }) => method === request.method && sameUrl(url, request.url),
    );
    const [fixture] = at < 0 ? [] : left.splice(at, 1);
    return fixture ? Promise.resolve(answerOf(fixture)) : otherwise(call);
  };
}

const sameUrl = (one: string, other: string): boolean =>
  URL.parse(one)?.href === URL.parse(other)?.href;

const answerOf = ({ status, headers, body }: Fixture): HostAnswer => ({
  ok: true,
  value: {
    status,
    headers: Object.fromEntries(
      Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]),
    ),
    body,
  },
});
