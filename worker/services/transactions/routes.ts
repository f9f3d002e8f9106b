/** HTTP for transactions: valid input, service, declared output. */
import { type Handle, route } from '../../http/serve-operation.ts';
import * as approvalContract from './approval-operations.ts';
import * as approvals from './approvals.ts';
import * as contract from './contract.ts';
import { createTransaction } from './create.ts';
import * as displace from './displace.ts';
import * as disputeContract from './dispute-operations.ts';
import * as disputes from './disputes.ts';
import { createMultisigTransaction } from './multisig.ts';
import * as multisigContract from './multisig-operations.ts';
import * as signatures from './multisig-signatures.ts';
import * as reading from './reading.ts';
import * as sendContract from './send-operations.ts';
import * as service from './service.ts';

const handleSimulateTransaction: Handle<typeof contract.simulateTransaction> = (
  { body },
  context,
) => service.simulateTransaction(context, body);

const handleCreateTransaction: Handle<typeof sendContract.createTransaction> = (
  { params, body },
  context,
) => createTransaction(context, params.accountId, body);

const handleListTransactions: Handle<typeof sendContract.listTransactions> = (
  { params, query },
  context,
) => reading.listTransactions(context, params.accountId, query);

const handleGetTransaction: Handle<typeof sendContract.getTransaction> = ({ params }, context) =>
  reading.getTransaction(context, params);

const handleCancelTransaction: Handle<typeof sendContract.cancelTransaction> = (
  { params, body },
  context,
) => displace.cancelTransaction(context, params, body.networkFeeMax);

const handleReplaceTransaction: Handle<typeof sendContract.replaceTransaction> = (
  { params, body },
  context,
) => displace.replaceTransaction(context, params, body.networkFeeMax);

const handleCreateApprovalChallenge: Handle<typeof approvalContract.createApprovalChallenge> = (
  { params, body },
  context,
) => approvals.createApprovalChallenge(context, params, body);

const handleCreateApproval: Handle<typeof approvalContract.createApproval> = (
  { params, body },
  context,
) => approvals.createApproval(context, params, body);

const handleCreateMultisigTransaction: Handle<typeof multisigContract.createMultisigTransaction> = (
  { params, body },
  context,
) => createMultisigTransaction(context, params.accountId, body);

const handleGetSignatures: Handle<typeof multisigContract.getSignatures> = ({ params }, context) =>
  signatures.getSignatures(context, params);

const handleAddSignatures: Handle<typeof multisigContract.addSignatures> = (
  { params, body },
  context,
) => signatures.addSignatures(context, params, body);

const handleListDisputed: Handle<typeof disputeContract.listDisputed> = ({ query }, context) =>
  disputes.listDisputed(context, query);

const handleResolveDisputed: Handle<typeof disputeContract.resolveDisputed> = (
  { params, body },
  context,
) => disputes.resolveDisputed(context, params.transactionId, body);

export const transactionRoutes = [
  route(contract.simulateTransaction, handleSimulateTransaction),
  route(sendContract.createTransaction, handleCreateTransaction),
  route(sendContract.listTransactions, handleListTransactions),
  route(sendContract.getTransaction, handleGetTransaction),
  route(sendContract.cancelTransaction, handleCancelTransaction),
  route(sendContract.replaceTransaction, handleReplaceTransaction),
  route(approvalContract.createApprovalChallenge, handleCreateApprovalChallenge),
  route(approvalContract.createApproval, handleCreateApproval),
  route(multisigContract.createMultisigTransaction, handleCreateMultisigTransaction),
  route(multisigContract.getSignatures, handleGetSignatures),
  route(multisigContract.addSignatures, handleAddSignatures),
  route(disputeContract.listDisputed, handleListDisputed),
  route(disputeContract.resolveDisputed, handleResolveDisputed),
];
