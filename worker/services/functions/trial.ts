/**
 * A run without effect, to try a function: actions are planned and not done, HTTP and reads of a
 * chain are answered from fixtures, secrets are the values given in the request and never those of the vault. No
 * execution, journal entry or action is written; the fuel counts towards the account's month.
 */
import type * as z from 'zod';
import { countCalls, isChainRead } from '../../core/functions-runtime/call-kinds.ts';
import {
  answerFromFixtures,
  type ChainFixture,
} from '../../core/functions-runtime/chain-fixtures.ts';
import type { RunResult } from '../../core/functions-runtime/execute.ts';
import type { Host } from '../../core/functions-runtime/host-calls.ts';
import type { HttpRequest } from '../../core/functions-runtime/http-request.ts';
import type { JsonValue } from '../../core/functions-runtime/json-text.ts';
import { recordedOutcome } from '../../core/functions-runtime/recorded-outcome.ts';
import { createRedactor, type Redactor, type Secret } from '../../core/functions-runtime/redact.ts';
import { err, ok } from '../../core/result.ts';
import { type RequestContext, randomBytes } from '../../http/request-context.ts';
import { RUNTIMES } from '../../runtimes/generated/index.ts';
import type { Quotas } from '../accounts/index.ts';
import {
  createHost,
  type HostRights,
  permissionsOf,
  runInTurn,
  runLimitsOf,
  runUnrecorded,
} from '../executions/index.ts';
import { checkParams } from './input-schema.ts';
import type { testResultSchema } from './shapes.ts';
import { loadFunction, loadVersion, type VersionRow } from './store.ts';
import type { FunctionKey } from './versions.ts';

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
  readonly chainFixtures?: readonly ChainFixture[] | undefined;
  readonly allowNetwork: boolean;
}

export async function testFunction(
  context: RequestContext,
  key: FunctionKey,
  request: TrialRequest,
) {
  const version = await findVersionToTry(context, key, request.versionId);
  if (!version) return err('request.not_found');
  const input = request.params ?? null;
  const valid = await checkParams(version, input);
  if (!valid.ok) return valid;
  const { accountId, functionId } = key;
  const limits = runLimitsOf(version);
  const secrets = Object.entries(request.secrets ?? {}).map(([name, value]) => ({
    name,
    value,
    versionId: `${name}@test`,
  }));
  const rights = { permissions: permissionsOf(version), secrets };
  const trial = {
    accountId,
    runtime: RUNTIMES[0],
    source: version.source,
    entryForm: version.entryForm,
    params: input,
    secrets,
    seed: randomBytes(32),
    clockMs: context.now,
    limits,
    permissions: rights.permissions,
    context: { functionId, accountId },
    host: hostOf(context, request, rights),
    isCancelled: () => Promise.resolve(false),
  };
  const tried = await runUnrecorded(context, {
    accountId,
    limits,
    run: (turn) => runInTurn(turn, trial),
    fuelOf: ({ fuelUsed }) => fuelUsed,
  });
  if (!tried.ok) return tried;
  const { ran, quotas } = tried.value;
  const body = { ...toTestResult(ran, secrets), cost: costOf(ran.fuelUsed, quotas) };
  return ok({ status: 200, body } as const);
}

async function findVersionToTry(
  { db }: RequestContext,
  { accountId, functionId }: FunctionKey,
  asked: string | undefined,
): Promise<VersionRow | undefined> {
  const found = await loadFunction(db, accountId, functionId);
  if (!found) return undefined;
  const versionId = asked ?? found.active?.versionId ?? found.latest.versionId;
  const version = await loadVersion(db, accountId, versionId);
  return version?.functionId === functionId ? version : undefined;
}

type TestResult = z.input<typeof testResultSchema>;

const costOf = (fuel: number, quotas: Quotas): TestResult['cost'] => ({
  monthlyFuelShare: fuel / quotas.monthlyFuel,
  runsPerMonth: Math.min(quotas.monthlyExecutions, Math.floor(quotas.monthlyFuel / fuel)),
});

function toTestResult(result: RunResult, secrets: readonly Secret[]): Omit<TestResult, 'cost'> {
  const outcome = recordedOutcome(result, secrets);
  return {
    status: outcome.status === 'succeeded' ? 'succeeded' : 'failed',
    // The guest's JSON is read-only here, and zod's is not.
    output: outcome.output as TestResult['output'],
    error: outcome.error,
    logs: outcome.logs.map((line) => ({ ...line })),
    plannedActions: outcome.actions as TestResult['plannedActions'],
    ...countCalls(result.journal),
    fuel: result.fuelUsed,
    memoryBytes: result.memoryBytes,
    runtimeVersion: RUNTIMES[0].runtimeVersion,
  };
}

function hostOf(context: RequestContext, request: TrialRequest, rights: HostRights): Host {
  const { fixtures = [], chainFixtures = [], allowNetwork } = request;
  const otherwise = allowNetwork ? createHost(context, rights) : refuseCall;
  // As an answer of the network is, so that code sees, and burns, what it would in a real run.
  const redactor = createRedactor(rights.secrets);
  const http = withFixtures(fixtures, { redactor, otherwise });
  const chain = withChainFixtures(chainFixtures, { redactor, otherwise });
  return (call) => (isChainRead(call.kind) ? chain(call) : http(call));
}

const refuseCall: Host = () =>
  Promise.resolve({
    ok: false,
    code: 'functions.permission_denied',
    message: 'No fixture answers this call; add one, or set allowNetwork.',
  });

interface Redacted {
  readonly redactor: Redactor;
  readonly otherwise: Host;
}

function withChainFixtures(
  fixtures: readonly ChainFixture[],
  { redactor, otherwise }: Redacted,
): Host {
  const left = [...fixtures];
  return async (call) => {
    const answer = answerFromFixtures(left, call);
    if (answer === undefined) return otherwise(call);
    return answer.ok ? { ok: true, value: redactor.json(answer.value) } : answer;
  };
}

/** Each fixture answers once, the first that fits; so two calls to one URL can be answered differently. */
function withFixtures(fixtures: readonly Fixture[], { redactor, otherwise }: Redacted): Host {
  const left = [...fixtures];
  return (call) => {
    // The runtime checked the shape at its door.
    const request = call.request as unknown as HttpRequest;
    const at = left.findIndex(
      ({ method, url }) => method === request.method && sameUrl(url, request.url),
    );
    const [fixture] = at < 0 ? [] : left.splice(at, 1);
    if (!fixture) return otherwise(call);
    return Promise.resolve({ ok: true, value: redactor.json(valueOf(fixture)) });
  };
}

const sameUrl = (one: string, other: string): boolean =>
  URL.parse(one)?.href === URL.parse(other)?.href;

const valueOf = ({ status, headers, body }: Fixture): JsonValue => ({
  status,
  headers: Object.fromEntries(
    Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]),
  ),
  body,
});
