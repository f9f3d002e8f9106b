/** HTTP for sign-in: valid input, service, declared output. */
import { type Handle, route } from '../../http/serve-operation.ts';
import * as contract from './contract.ts';
import * as service from './service.ts';

const handleCreateChallenge: Handle<typeof contract.createChallenge> = ({ body }, context) =>
  service.createChallenge(context, body);

const handleCreateSession: Handle<typeof contract.createSession> = ({ body }, context) =>
  service.createSession(context, body);

const handleGetSettings: Handle<typeof contract.getSettings> = ({ params }, context) =>
  service.getSettings(context, params.accountId);

const handleSetSettings: Handle<typeof contract.setSettings> = ({ params, body }, context) =>
  service.setSettings(context, params.accountId, body);

export const signInRoutes = [
  route(contract.createChallenge, handleCreateChallenge),
  route(contract.createSession, handleCreateSession),
  route(contract.getSettings, handleGetSettings),
  route(contract.setSettings, handleSetSettings),
];
