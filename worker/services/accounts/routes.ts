/** HTTP for accounts: valid input, service, declared output. */
import { type Handle, route } from '../../http/serve-operation.ts';
import * as contract from './contract.ts';
import { getRequestSignatures, setRequestSignatures } from './request-signatures.ts';
import { setRetention } from './retention.ts';
import * as service from './service.ts';
import * as signatureContract from './signature-operations.ts';
import { getUsage } from './usage.ts';

const handleCreateAccount: Handle<typeof contract.createAccount> = ({ body }, context) =>
  service.createAccount(context, body);

const handleListAccounts: Handle<typeof contract.listAccounts> = ({ query }, context) =>
  service.listAccounts(context, query);

const handleGetAccount: Handle<typeof contract.getAccount> = ({ params }, context) =>
  service.getAccount(context, params.accountId);

const handleUpdateAccount: Handle<typeof contract.updateAccount> = ({ params, body }, context) =>
  service.updateAccount(context, params.accountId, body);

const handleSuspendAccount: Handle<typeof contract.suspendAccount> = ({ params, body }, context) =>
  service.setStatus(context, params.accountId, { from: 'active', to: 'suspended', ...body });

const handleResumeAccount: Handle<typeof contract.resumeAccount> = ({ params, body }, context) =>
  service.setStatus(context, params.accountId, { from: 'suspended', to: 'active', ...body });

const handleDeleteAccount: Handle<typeof contract.deleteAccount> = ({ params, query }, context) =>
  service.deleteAccount(context, params.accountId, { leaveGas: query.leaveGas === 'true' });

const handleGetUsage: Handle<typeof contract.getUsage> = ({ params }, context) =>
  getUsage(context, params.accountId);

const handleGetQuotas: Handle<typeof contract.getQuotas> = ({ params }, context) =>
  service.getQuotas(context, params.accountId);

const handleSetQuotas: Handle<typeof contract.setQuotas> = ({ params, body }, context) =>
  service.setQuotas(context, params.accountId, withoutUndefined(body));

const handleSetRetention: Handle<typeof contract.setRetention> = ({ params, body }, context) =>
  setRetention(context, params.accountId, withoutUndefined(body));

const handleGetRequestSignatures: Handle<typeof signatureContract.getRequestSignatures> = (
  { params },
  context,
) => getRequestSignatures(context, params.accountId);

const handleSetRequestSignatures: Handle<typeof signatureContract.setRequestSignatures> = (
  { params, body },
  context,
) => setRequestSignatures(context, params.accountId, body.requestSignatures);

/** A field that is absent is not one that is set to nothing. */
const withoutUndefined = <Fields extends object>(fields: Fields) =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [Name in keyof Fields]: Exclude<Fields[Name], undefined>;
  };

export const accountRoutes = [
  route(contract.createAccount, handleCreateAccount),
  route(contract.listAccounts, handleListAccounts),
  route(contract.getAccount, handleGetAccount),
  route(contract.updateAccount, handleUpdateAccount),
  route(contract.suspendAccount, handleSuspendAccount),
  route(contract.resumeAccount, handleResumeAccount),
  route(contract.deleteAccount, handleDeleteAccount),
  route(contract.getUsage, handleGetUsage),
  route(contract.getQuotas, handleGetQuotas),
  route(contract.setQuotas, handleSetQuotas),
  route(contract.setRetention, handleSetRetention),
  route(signatureContract.getRequestSignatures, handleGetRequestSignatures),
  route(signatureContract.setRequestSignatures, handleSetRequestSignatures),
];
