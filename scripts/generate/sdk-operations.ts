/**
 * `sdk/src/generated/operations.ts`: the table from which the client is made, and which codes are
 * worth another attempt. Data only; what it means is in the SDK's request.ts and transport.ts.
 */
import { ERRORS } from '../../worker/core/errors.ts';
import {
  listOperations,
  type OpenApiDocument,
  type PlacedOperation,
} from '../../worker/http/openapi-document.ts';
import { inputOf, isJson, successesOf } from './inputs.ts';
import { GENERATED_MARK } from './mark.ts';

export function renderSdkOperations(document: OpenApiDocument): string {
  const rows = listOperations(document).map((placed) => {
    const row = JSON.stringify(toRow(document, placed));
    return `  ${JSON.stringify(placed.operation.operationId)}: ${row},\n`;
  });
  const codes = Object.entries(ERRORS).map(
    ([code, { retryable }]) => `  ${JSON.stringify(code)}: { retryable: ${retryable} },\n`,
  );
  return `${GENERATED_MARK}
import type { OperationRow } from '../request.ts';
import type { ErrorCode, OperationId } from './types.ts';

export const OPERATIONS: Readonly<Record<OperationId, OperationRow>> = {
${rows.join('')}};

export const ERROR_CODES: Readonly<Record<ErrorCode, { readonly retryable: boolean }>> = {
${codes.join('')}};
`;
}

function toRow(document: OpenApiDocument, placed: PlacedOperation) {
  const { method, path, operation } = placed;
  const { params, query, body } = inputOf(document, placed);
  return {
    method: method.toUpperCase(),
    path,
    params: params.map(({ name }) => name),
    query: query.map(({ name }) => name),
    body,
    answer: answerOf(placed),
    idempotent: operation.parameters?.some(({ name }) => name === 'Idempotency-Key') ?? false,
    ifMatch: operation['x-if-match'] ?? false,
    ...(operation['x-signature'] === undefined ? {} : { signed: true }),
  };
}

function answerOf({ operation }: PlacedOperation): 'json' | 'text' | 'bytes' | 'none' {
  const types = successesOf(operation).flatMap(([, { content = {} }]) => Object.keys(content));
  if (types.length === 0) return 'none';
  if (types.every(isJson)) return 'json';
  return types.every((type) => type.startsWith('text/')) ? 'text' : 'bytes';
}
