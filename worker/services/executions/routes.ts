/** HTTP for executions: valid input, service, declared output. */
import { type Handle, route } from '../../http/serve-operation.ts';
import * as contract from './contract.ts';
import * as proofs from './proofs.ts';
import { replayExecution } from './replay.ts';
import * as service from './service.ts';

const handleExecuteFunction: Handle<typeof contract.executeFunction> = (
  { params, body },
  context,
) => service.executeFunction(context, params, body);

const handleExecuteBatch: Handle<typeof contract.executeBatch> = ({ params, body }, context) =>
  service.executeBatch(context, params, body);

const handleListExecutions: Handle<typeof contract.listExecutions> = ({ params, query }, context) =>
  service.listExecutions(context, params.accountId, query);

const handleGetExecution: Handle<typeof contract.getExecution> = ({ params }, context) =>
  service.getExecution(context, params);

const handleGetLogs: Handle<typeof contract.getLogs> = ({ params }, context) =>
  service.getLogs(context, params);

const handleGetReceipt: Handle<typeof contract.getReceipt> = ({ params }, context) =>
  proofs.getReceipt(context, params);

const handleGetJournal: Handle<typeof contract.getJournal> = ({ params }, context) =>
  proofs.getJournal(context, params);

const handleCancelExecution: Handle<typeof contract.cancelExecution> = ({ params }, context) =>
  service.cancelExecution(context, params);

const handleReplayExecution: Handle<typeof contract.replayExecution> = ({ params }, context) =>
  replayExecution(context, params);

export const executionRoutes = [
  route(contract.executeFunction, handleExecuteFunction),
  route(contract.executeBatch, handleExecuteBatch),
  route(contract.listExecutions, handleListExecutions),
  route(contract.getExecution, handleGetExecution),
  route(contract.getLogs, handleGetLogs),
  route(contract.getReceipt, handleGetReceipt),
  route(contract.getJournal, handleGetJournal),
  route(contract.cancelExecution, handleCancelExecution),
  route(contract.replayExecution, handleReplayExecution),
];
