/** HTTP for workspace wallets: valid input, service, declared output. */
import { type Handle, route } from '../../http/serve-operation.ts';
import * as approvalContract from './approval-operations.ts';
import * as approvals from './approvals.ts';
import * as contract from './contract.ts';
import * as policy from './policy.ts';
import * as service from './service.ts';
import * as verification from './verification.ts';

const handleCreateWallet: Handle<typeof contract.createWallet> = ({ params, body }, context) =>
  service.createWallet(context, params.accountId, body);

const handleListWallets: Handle<typeof contract.listWallets> = ({ params, query }, context) =>
  service.listWallets(context, params.accountId, query);

const handleGetWallet: Handle<typeof contract.getWallet> = ({ params }, context) =>
  service.getWallet(context, params.accountId, params.walletId);

const handleUpdateWallet: Handle<typeof contract.updateWallet> = ({ params, body }, context) =>
  service.updateWallet(context, params, body.label);

const handleDeleteWallet: Handle<typeof contract.deleteWallet> = ({ params }, context) =>
  service.deleteWallet(context, params.accountId, params.walletId);

const handleCreateChallenge: Handle<typeof contract.createChallenge> = (
  { params, body },
  context,
) => verification.createChallenge(context, params, body);

const handleVerifyWallet: Handle<typeof contract.verifyWallet> = ({ params, body }, context) =>
  verification.verifyWallet(context, params, body);

const handleCreateApprovalChallenge: Handle<typeof approvalContract.createApprovalChallenge> = (
  { params, body },
  context,
) => approvals.createApprovalChallenge(context, params.accountId, body);

const handleCreateApproval: Handle<typeof approvalContract.createApproval> = (
  { params, body },
  context,
) => approvals.createApproval(context, params.accountId, body);

const handleListApprovals: Handle<typeof approvalContract.listApprovals> = (
  { params, query },
  context,
) => approvals.listApprovals(context, params.accountId, query);

const handleGetPolicy: Handle<typeof contract.getPolicy> = ({ params }, context) =>
  policy.getPolicy(context, params.accountId);

const handleSetPolicy: Handle<typeof contract.setPolicy> = ({ params, body }, context) =>
  policy.setPolicy(context, params.accountId, body);

export const workspaceWalletRoutes = [
  route(contract.createWallet, handleCreateWallet),
  route(contract.listWallets, handleListWallets),
  route(contract.getWallet, handleGetWallet),
  route(contract.updateWallet, handleUpdateWallet),
  route(contract.deleteWallet, handleDeleteWallet),
  route(contract.createChallenge, handleCreateChallenge),
  route(contract.verifyWallet, handleVerifyWallet),
  route(approvalContract.createApprovalChallenge, handleCreateApprovalChallenge),
  route(approvalContract.createApproval, handleCreateApproval),
  route(approvalContract.listApprovals, handleListApprovals),
  route(contract.getPolicy, handleGetPolicy),
  route(contract.setPolicy, handleSetPolicy),
];
