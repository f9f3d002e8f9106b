/** HTTP for contracts: valid input, service, declared output. */
import { type Handle, route } from '../../http/serve-operation.ts';
import * as contract from './contract.ts';
import { deployContract } from './deploy.ts';
import { invokeMethod } from './invoke.ts';
import * as sending from './send-operations.ts';
import * as service from './service.ts';
import { testInvokeMethod } from './test-invoke.ts';
import { updateContract } from './update.ts';

const handleRegisterContract: Handle<typeof contract.registerContract> = (
  { params, body },
  context,
) => service.registerContract(context, params.accountId, body);

const handleListContracts: Handle<typeof contract.listContracts> = ({ params, query }, context) =>
  service.listContracts(context, params.accountId, query);

const handleGetContract: Handle<typeof contract.getContract> = ({ params }, context) =>
  service.getContract(context, params);

const handleGetManifest: Handle<typeof contract.getManifest> = ({ params }, context) =>
  service.getManifest(context, params);

const handleRemoveContract: Handle<typeof contract.removeContract> = ({ params }, context) =>
  service.removeContract(context, params);

const handleTestInvokeMethod: Handle<typeof contract.testInvokeMethod> = (
  { params, body },
  context,
) => testInvokeMethod(context, params, body);

const handleInvokeMethod: Handle<typeof sending.invokeMethod> = ({ params, body }, context) =>
  invokeMethod(context, params, body);

const handleDeployContract: Handle<typeof sending.deployContract> = ({ params, body }, context) =>
  deployContract(context, params.accountId, body);

const handleUpdateContract: Handle<typeof sending.updateContract> = ({ params, body }, context) =>
  updateContract(context, params, body);

export const contractRoutes = [
  route(contract.registerContract, handleRegisterContract),
  route(contract.listContracts, handleListContracts),
  route(contract.getContract, handleGetContract),
  route(contract.getManifest, handleGetManifest),
  route(contract.removeContract, handleRemoveContract),
  route(contract.testInvokeMethod, handleTestInvokeMethod),
  route(sending.invokeMethod, handleInvokeMethod),
  route(sending.deployContract, handleDeployContract),
  route(sending.updateContract, handleUpdateContract),
];
