/** HTTP for secrets: valid input, service, declared output. */
import { type Handle, route } from '../../http/serve-operation.ts';
import * as contract from './contract.ts';
import { rewrapKeys } from './rewrap.ts';
import * as service from './service.ts';
import { listVersions } from './versions.ts';

const handleCreateSecret: Handle<typeof contract.createSecret> = ({ params, body }, context) =>
  service.createSecret(context, params.accountId, body);

const handleListSecrets: Handle<typeof contract.listSecrets> = ({ params, query }, context) =>
  service.listSecrets(context, params.accountId, query);

const handleGetSecret: Handle<typeof contract.getSecret> = ({ params }, context) =>
  service.getSecret(context, params);

const handleUpdateSecret: Handle<typeof contract.updateSecret> = ({ params, body }, context) =>
  service.updateSecret(context, params, body);

const handleUpdateSettings: Handle<typeof contract.updateSettings> = ({ params, body }, context) =>
  service.updateSettings(context, params, body);

const handleDeleteSecret: Handle<typeof contract.deleteSecret> = ({ params }, context) =>
  service.deleteSecret(context, params);

const handleListVersions: Handle<typeof contract.listVersions> = ({ params, query }, context) =>
  listVersions(context, params, query);

const handleSetGrants: Handle<typeof contract.setGrants> = ({ params, body }, context) =>
  service.setGrants(context, params, body.functionIds);

const handleRewrapKeys: Handle<typeof contract.rewrapKeys> = ({ body }, context) =>
  rewrapKeys(context, body);

export const secretRoutes = [
  route(contract.createSecret, handleCreateSecret),
  route(contract.listSecrets, handleListSecrets),
  route(contract.getSecret, handleGetSecret),
  route(contract.updateSecret, handleUpdateSecret),
  route(contract.updateSettings, handleUpdateSettings),
  route(contract.deleteSecret, handleDeleteSecret),
  route(contract.listVersions, handleListVersions),
  route(contract.setGrants, handleSetGrants),
  route(contract.rewrapKeys, handleRewrapKeys),
];
