/** HTTP for functions: valid input, service, declared output. */
import { type Handle, route } from '../../http/serve-operation.ts';
import * as contract from './contract.ts';
import * as reads from './reads.ts';
import * as service from './service.ts';
import { testFunction } from './trial.ts';

const handleCreateFunction: Handle<typeof contract.createFunction> = ({ params, body }, context) =>
  service.createFunction(context, params.accountId, body);

const handleListFunctions: Handle<typeof contract.listFunctions> = ({ params, query }, context) =>
  service.listFunctions(context, params.accountId, query);

const handleGetFunction: Handle<typeof contract.getFunction> = ({ params }, context) =>
  service.getFunction(context, params);

const handleUpdateFunction: Handle<typeof contract.updateFunction> = ({ params, body }, context) =>
  service.updateFunction(context, params, body);

const handleDeleteFunction: Handle<typeof contract.deleteFunction> = ({ params }, context) =>
  service.deleteFunction(context, params);

const handleListVersions: Handle<typeof contract.listVersions> = ({ params, query }, context) =>
  reads.listVersions(context, params, query);

const handleGetVersion: Handle<typeof contract.getVersion> = ({ params }, context) =>
  reads.getVersion(context, params);

const handleDeployVersion: Handle<typeof contract.deployVersion> = ({ params }, context) =>
  service.deployVersion(context, params);

const handleRollbackFunction: Handle<typeof contract.rollbackFunction> = ({ params }, context) =>
  service.rollbackFunction(context, params);

const handleTestFunction: Handle<typeof contract.testFunction> = ({ params, body }, context) =>
  testFunction(context, params, body);

const handleGetStats: Handle<typeof contract.getStats> = ({ params, query }, context) =>
  reads.getStats(context, params, query);

export const functionRoutes = [
  route(contract.createFunction, handleCreateFunction),
  route(contract.listFunctions, handleListFunctions),
  route(contract.getFunction, handleGetFunction),
  route(contract.updateFunction, handleUpdateFunction),
  route(contract.deleteFunction, handleDeleteFunction),
  route(contract.listVersions, handleListVersions),
  route(contract.getVersion, handleGetVersion),
  route(contract.deployVersion, handleDeployVersion),
  route(contract.rollbackFunction, handleRollbackFunction),
  route(contract.testFunction, handleTestFunction),
  route(contract.getStats, handleGetStats),
];
