/** HTTP for reading a chain: valid input, service, declared output. */
import { type Handle, route } from '../../http/serve-operation.ts';
import * as contract from './contract.ts';
import * as service from './service.ts';

const handleListNetworks: Handle<typeof contract.listNetworks> = (_input, context) =>
  service.listNetworks(context);

const handleGetNetwork: Handle<typeof contract.getNetwork> = ({ params }, context) =>
  service.getNetwork(context, params.network);

const handleGetBlock: Handle<typeof contract.getBlock> = ({ params }, context) =>
  service.getBlock(context, params);

const handleGetTransaction: Handle<typeof contract.getTransaction> = ({ params }, context) =>
  service.getTransaction(context, params);

const handleGetApplicationLog: Handle<typeof contract.getApplicationLog> = ({ params }, context) =>
  service.getApplicationLog(context, params);

const handleListBalances: Handle<typeof contract.listBalances> = ({ params }, context) =>
  service.listBalances(context, params);

export const chainRoutes = [
  route(contract.listNetworks, handleListNetworks),
  route(contract.getNetwork, handleGetNetwork),
  route(contract.getBlock, handleGetBlock),
  route(contract.getTransaction, handleGetTransaction),
  route(contract.getApplicationLog, handleGetApplicationLog),
  route(contract.listBalances, handleListBalances),
];
