/** HTTP for API keys: valid input, service, declared output. */
import { type Handle, route } from '../../http/serve-operation.ts';
import * as contract from './contract.ts';
import * as service from './service.ts';

const handleCreateKey: Handle<typeof contract.createKey> = ({ params, body }, context) =>
  service.createKey(context, params.accountId, body);

const handleCreatePublishableKey: Handle<typeof contract.createPublishableKey> = (
  { params, body },
  context,
) => service.createPublishableKey(context, params.accountId, body);

const handleListKeys: Handle<typeof contract.listKeys> = ({ params, query }, context) =>
  service.listKeys(context, params.accountId, query);

const handleGetKey: Handle<typeof contract.getKey> = ({ params }, context) =>
  service.getKey(context, params.accountId, params.keyId);

const handleRotateKey: Handle<typeof contract.rotateKey> = ({ params, body }, context) =>
  service.rotateKey(context, params, body);

const handleRevokeKey: Handle<typeof contract.revokeKey> = ({ params }, context) =>
  service.revokeKey(context, params.accountId, params.keyId);

export const keyRoutes = [
  route(contract.createKey, handleCreateKey),
  route(contract.createPublishableKey, handleCreatePublishableKey),
  route(contract.listKeys, handleListKeys),
  route(contract.getKey, handleGetKey),
  route(contract.rotateKey, handleRotateKey),
  route(contract.revokeKey, handleRevokeKey),
];
