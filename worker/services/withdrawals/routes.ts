/** HTTP for withdrawals: valid input, service, declared output. */
import { type Handle, route } from '../../http/serve-operation.ts';
import * as approvalContract from './approval-operations.ts';
import * as approvals from './approvals.ts';
import * as cancel from './cancel.ts';
import * as contract from './contract.ts';
import { createWithdrawal } from './create.ts';
import * as operator from './operator.ts';
import * as operatorContract from './operator-operations.ts';
import * as policy from './policy.ts';
import * as policyContract from './policy-operations.ts';
import { quoteWithdrawal } from './quote.ts';
import * as reading from './reading.ts';
import { returnDeposit } from './returns.ts';
import * as unclaimed from './unclaimed.ts';
import * as unclaimedContract from './unclaimed-operations.ts';
import { payUnclaimed } from './unclaimed-payout.ts';

const handleQuoteWithdrawal: Handle<typeof contract.quoteWithdrawal> = (
  { params, body },
  context,
) => quoteWithdrawal(context, params.accountId, body);

const handleCreateWithdrawal: Handle<typeof contract.createWithdrawal> = (
  { params, body },
  context,
) => createWithdrawal(context, params.accountId, body);

const handleListWithdrawals: Handle<typeof contract.listWithdrawals> = (
  { params, query },
  context,
) => reading.listWithdrawals(context, params.accountId, query);

const handleGetWithdrawal: Handle<typeof contract.getWithdrawal> = ({ params }, context) =>
  reading.getWithdrawal(context, params);

const handleCancelWithdrawal: Handle<typeof contract.cancelWithdrawal> = ({ params }, context) =>
  cancel.cancelWithdrawal(context, params);

const handleListAttempts: Handle<typeof contract.listAttempts> = ({ params }, context) =>
  reading.listAttempts(context, params);

const handleCreateApprovalChallenge: Handle<typeof approvalContract.createApprovalChallenge> = (
  { params, body },
  context,
) => approvals.createApprovalChallenge(context, params, body);

const handleCreateApproval: Handle<typeof approvalContract.createApproval> = (
  { params, body },
  context,
) => approvals.createApproval(context, params, body);

const handleGetPolicy: Handle<typeof policyContract.getPolicy> = ({ params, query }, context) =>
  policy.getPolicy(context, params.accountId, query.network);

const handleSetPolicy: Handle<typeof policyContract.setPolicy> = ({ params, body }, context) =>
  policy.setPolicy(context, params.accountId, body);

const handleListForOperator: Handle<typeof operatorContract.listForOperator> = (
  { query },
  context,
) => operator.listForOperator(context, query);

const handleReplayWithdrawal: Handle<typeof operatorContract.replayWithdrawal> = (
  { params, body },
  context,
) => operator.replay(context, params.withdrawalId, body.reason);

const handleResolveWithdrawal: Handle<typeof operatorContract.resolveWithdrawal> = (
  { params, body },
  context,
) => operator.resolve(context, params.withdrawalId, body);

const handleReturnDeposit: Handle<typeof operatorContract.returnDeposit> = (
  { params, body },
  context,
) => returnDeposit(context, params.depositId, body.reason);

const handleListUnclaimed: Handle<typeof unclaimedContract.listUnclaimed> = ({ query }, context) =>
  unclaimed.listUnclaimed(context, query);

const handleGetUnclaimed: Handle<typeof unclaimedContract.getUnclaimed> = ({ params }, context) =>
  unclaimed.getUnclaimed(context, params);

const handlePayUnclaimed: Handle<typeof unclaimedContract.payUnclaimed> = (
  { params, body },
  context,
) => payUnclaimed(context, params, body);

export const withdrawalRoutes = [
  route(contract.quoteWithdrawal, handleQuoteWithdrawal),
  route(contract.createWithdrawal, handleCreateWithdrawal),
  route(contract.listWithdrawals, handleListWithdrawals),
  route(contract.getWithdrawal, handleGetWithdrawal),
  route(contract.cancelWithdrawal, handleCancelWithdrawal),
  route(contract.listAttempts, handleListAttempts),
  route(approvalContract.createApprovalChallenge, handleCreateApprovalChallenge),
  route(approvalContract.createApproval, handleCreateApproval),
  route(policyContract.getPolicy, handleGetPolicy),
  route(policyContract.setPolicy, handleSetPolicy),
  route(operatorContract.listForOperator, handleListForOperator),
  route(operatorContract.replayWithdrawal, handleReplayWithdrawal),
  route(operatorContract.resolveWithdrawal, handleResolveWithdrawal),
  route(operatorContract.returnDeposit, handleReturnDeposit),
  route(unclaimedContract.listUnclaimed, handleListUnclaimed),
  route(unclaimedContract.getUnclaimed, handleGetUnclaimed),
  route(unclaimedContract.payUnclaimed, handlePayUnclaimed),
];
