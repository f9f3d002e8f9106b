/**
 * HTTP for the platform about itself. The contract's list is an argument: this service cannot
 * import the list it is in.
 */
import type { ErrorEntry } from '../../core/errors.ts';
import { ok } from '../../core/result.ts';
import { buildOpenApi } from '../../http/openapi.ts';
import type { Operation } from '../../http/operation.ts';
import { REFERENCE_CSS, renderErrorsPage, renderReference } from '../../http/reference-page.ts';
import { type Handle, type Route, route } from '../../http/serve-operation.ts';
import { VERSION } from '../../version.ts';
import * as contract from './contract.ts';
import * as service from './service.ts';

export interface SystemFacts {
  readonly operations: readonly Operation[];
  readonly limits: service.LimitGroups;
  readonly errors: Readonly<Record<string, ErrorEntry>>;
  readonly runtimeVersion: string;
}

export const systemRoutes = (facts: SystemFacts): readonly Route[] => [
  ...stateRoutes(facts),
  ...documentRoutes(facts),
];

function stateRoutes(facts: SystemFacts): readonly Route[] {
  const handleGetHealth: Handle<typeof contract.getHealth> = async () =>
    ok({ status: 200, body: { status: 'ok' } });
  const handleGetReadiness: Handle<typeof contract.getReadiness> = (_input, context) =>
    service.getReadiness(context);
  const handleGetMetrics: Handle<typeof contract.getMetrics> = async (_input, context) =>
    ok({ status: 200, body: await service.getMetrics(context) });
  const handleGetVersion: Handle<typeof contract.getVersion> = async (_input, context) =>
    ok({
      status: 200,
      body: {
        version: VERSION,
        apiVersion: 'v1',
        runtimeVersion: facts.runtimeVersion,
        environment: context.settings.ENVIRONMENT,
      },
    });
  const handleGetStatus: Handle<typeof contract.getStatus> = (_input, context) =>
    service.getStatus(context);
  const handleListSigningKeys: Handle<typeof contract.listSigningKeys> = (_input, context) =>
    service.listSigningKeys(context);
  return [
    route(contract.getHealth, handleGetHealth),
    route(contract.getReadiness, handleGetReadiness),
    route(contract.getMetrics, handleGetMetrics),
    route(contract.getVersion, handleGetVersion),
    route(contract.getStatus, handleGetStatus),
    route(contract.listSigningKeys, handleListSigningKeys),
  ];
}

/** What is made from the contract is made once an isolate, at the first request for it. */
function documentRoutes({ operations, limits, errors }: SystemFacts): readonly Route[] {
  const openapi = once(() => buildOpenApi(operations, { version: VERSION }));
  const reference = once(() => renderReference(openapi()));
  const errorsPage = once(() => renderErrorsPage(errors));
  const descriptors = once(() => service.toDescriptors(operations));
  const rows = once(() => service.toLimits(limits));
  const handleListDescriptors: Handle<typeof contract.listDescriptors> = async () =>
    ok({ status: 200, body: { items: descriptors() } });
  const handleListLimits: Handle<typeof contract.listLimits> = async () =>
    ok({ status: 200, body: { items: rows() } });
  const handleGetOpenapi: Handle<typeof contract.getOpenapi> = async () =>
    ok({ status: 200, body: JSON.stringify(openapi()) });
  const handleGetDocs: Handle<typeof contract.getDocs> = async () =>
    ok({ status: 200, body: reference() });
  const handleGetErrorDocs: Handle<typeof contract.getErrorDocs> = async () =>
    ok({ status: 200, body: errorsPage() });
  const handleGetDocsStyle: Handle<typeof contract.getDocsStyle> = async () =>
    ok({ status: 200, body: REFERENCE_CSS });
  return [
    route(contract.listDescriptors, handleListDescriptors),
    route(contract.listLimits, handleListLimits),
    route(contract.getOpenapi, handleGetOpenapi),
    route(contract.getDocs, handleGetDocs),
    route(contract.getErrorDocs, handleGetErrorDocs),
    route(contract.getDocsStyle, handleGetDocsStyle),
  ];
}

function once<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
