/** HTTP for contracts: valid input, service, declared output. */
import { type Handle, route } from '../../http/serve-operation.ts';
import * as contract from './contract.ts';
import * as service from './service.ts';
import { testInvokeMethod } from './test-invoke.ts';

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

export const contractRoutes = [
  route(contract.registerContract, handleRegisterContract),
  route(contract.listContracts, handleListContracts),
  route(contract.getContract, handleGetContract),
  route(contract.getManifest, handleGetManifest),
  route(contract.removeContract, handleRemoveContract),
  route(contract.testInvokeMethod, handleTestInvokeMethod),
];
