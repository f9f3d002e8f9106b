/** Which promises of a released document the current one no longer keeps; the rules are in docs/versioning.md. Pure. */
import {
  listOperations,
  type OpenApiDocument,
  type OpenApiOperation,
  type OpenApiParameter,
  type OpenApiResponse,
  type PlacedOperation,
} from '../../worker/http/openapi-document.ts';
import { type Direction, findSchemaChanges, type Pair } from './schema-changes.ts';

export interface Finding {
  readonly operation: string;
  readonly change: string;
}

interface Versions {
  readonly released: OpenApiDocument;
  readonly current: OpenApiDocument;
}

/** `now` decides whether a withdrawn operation may be gone: not before its sunset. */
export function findBreakingChanges(versions: Versions, now: number): readonly Finding[] {
  const current = new Map(
    listOperations(versions.current).map((placed) => [placed.operation.operationId, placed]),
  );
  return listOperations(versions.released).flatMap((before) => {
    const { operationId } = before.operation;
    const after = current.get(operationId);
    const changes = after ? compareOperations(versions, before, after) : removed(before, now);
    return changes.map((change) => ({ operation: operationId, change }));
  });
}

function removed({ operation }: PlacedOperation, now: number): readonly string[] {
  const sunset = operation['x-deprecated']?.sunset;
  return sunset !== undefined && Date.parse(sunset) <= now ? [] : ['the operation is gone'];
}

function compareOperations(
  versions: Versions,
  before: PlacedOperation,
  after: PlacedOperation,
): readonly string[] {
  const moved = before.path !== after.path || before.method !== after.method;
  const [released, current] = [before.operation, after.operation];
  return [
    ...(moved ? [`moved to ${after.method} ${after.path}`] : []),
    ...compareAccess(released, current),
    ...compareParameters(versions, released, current),
    ...compareBodies(versions, released, current),
    ...compareAnswers(versions, released, current),
    ...compareCodes(released, current),
  ];
}

/** Who could call before must be able to call still; operators may call whatever an account's key may. */
function compareAccess(released: OpenApiOperation, current: OpenApiOperation): readonly string[] {
  const stillAllowed: Readonly<Record<OpenApiOperation['x-access'], readonly string[]>> = {
    public: ['public'],
    authenticated: ['public', 'authenticated'],
    account: ['public', 'authenticated', 'account'],
    operator: ['public', 'authenticated', 'account', 'operator'],
  };
  const [before, after] = [released['x-access'], current['x-access']];
  const scope = current['x-scope'];
  const otherScope = before === 'account' && after === 'account' && released['x-scope'] !== scope;
  return [
    ...(stillAllowed[before].includes(after) ? [] : [`access went from ${before} to ${after}`]),
    ...(otherScope ? [`needs the scope ${scope} now`] : []),
    ...(released['x-idempotency'] !== 'none' && current['x-idempotency'] === 'none'
      ? ['Idempotency-Key is no longer honoured']
      : []),
    ...(released['x-if-match'] && !current['x-if-match'] ? ['If-Match is no longer honoured'] : []),
  ];
}

function compareParameters(
  versions: Versions,
  released: OpenApiOperation,
  current: OpenApiOperation,
): readonly string[] {
  const keyOf = ({ in: place, name }: OpenApiParameter): string => `${place}/${name}`;
  const before = new Map(released.parameters?.map((each) => [keyOf(each), each]));
  const after = new Map(current.parameters?.map((each) => [keyOf(each), each]));
  const required = [...after]
    .filter(([key, { required }]) => required && !before.get(key)?.required)
    .map(([key]) => `${key} is now required`);
  const changed = [...before].flatMap(([key, parameter]) => {
    const now = after.get(key);
    if (!now) return [`${key} is gone`];
    const pair = { released: parameter.schema, current: now.schema };
    return schemaChanges(versions, 'request', pair).map((change) => `${key} ${change}`);
  });
  return [...required, ...changed];
}

function compareBodies(
  versions: Versions,
  released: OpenApiOperation,
  current: OpenApiOperation,
): readonly string[] {
  const before = released.requestBody?.content['application/json'].schema;
  const after = current.requestBody?.content['application/json'].schema;
  if (!before || !after) return !before === !after ? [] : ['a body came or went'];
  const [bytesBefore, bytesAfter] = [released['x-body-bytes-max'], current['x-body-bytes-max']];
  const smaller = bytesBefore !== undefined && bytesAfter !== undefined && bytesAfter < bytesBefore;
  return [
    ...(smaller ? [`the body may have ${bytesAfter} bytes only`] : []),
    ...schemaChanges(versions, 'request', { released: before, current: after }).map(
      (change) => `body ${change}`,
    ),
  ];
}

function compareAnswers(
  versions: Versions,
  released: OpenApiOperation,
  current: OpenApiOperation,
): readonly string[] {
  const successes = Object.entries(released.responses).filter(([status]) => status.startsWith('2'));
  return successes.flatMap(([status, before]) => {
    const after = current.responses[status];
    if (!after) return [`the status ${status} is gone`];
    const lostETag = before.headers?.ETag && !after.headers?.ETag;
    return [
      ...(lostETag ? [`${status} carries no ETag any more`] : []),
      ...compareMedia(versions, before, after).map((change) => `${status} ${change}`),
    ];
  });
}

function compareMedia(
  versions: Versions,
  before: OpenApiResponse,
  after: OpenApiResponse,
): readonly string[] {
  return Object.entries(before.content ?? {}).flatMap(([type, media]) => {
    const now = after.content?.[type];
    if (!now) return [`is no longer ${type}`];
    if (!media.schema) return [];
    return schemaChanges(versions, 'answer', { released: media.schema, current: now.schema ?? {} });
  });
}

/** Programs branch on codes, so each must stay, and stay with its status. */
function compareCodes(released: OpenApiOperation, current: OpenApiOperation): readonly string[] {
  return Object.entries(released.responses).flatMap(([status, { 'x-codes': codes = [] }]) =>
    codes
      .filter((code) => !current.responses[status]?.['x-codes']?.includes(code))
      .map((code) => `the code ${code} is gone from ${status}`),
  );
}

const schemaChanges = (versions: Versions, direction: Direction, pair: Pair) =>
  findSchemaChanges(
    {
      releasedDocument: versions.released,
      currentDocument: versions.current,
      direction,
    },
    pair,
  );
