/** HTTP for sessions: valid input, service, declared output. */
import { type Handle, route } from '../../http/serve-operation.ts';
import * as contract from './contract.ts';
import * as service from './service.ts';

const handleRefreshSession: Handle<typeof contract.refreshSession> = ({ body }, context) =>
  service.refreshSession(context, body.refreshToken);

const handleSignOut: Handle<typeof contract.signOut> = ({ body }, context) =>
  service.signOut(context, body.refreshToken);

const handleListSessions: Handle<typeof contract.listSessions> = ({ params, query }, context) =>
  service.listSessions(context, params.accountId, query);

const handleRevokeSession: Handle<typeof contract.revokeSession> = ({ params }, context) =>
  service.revokeSession(context, params.accountId, params.sessionId);

export const sessionRoutes = [
  route(contract.refreshSession, handleRefreshSession),
  route(contract.signOut, handleSignOut),
  route(contract.listSessions, handleListSessions),
  route(contract.revokeSession, handleRevokeSession),
];
