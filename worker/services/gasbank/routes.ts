/** HTTP for gas accounts: valid input, service, declared output. */
import { type Handle, route } from '../../http/serve-operation.ts';
import * as accounts from './account-operations.ts';
import * as moneyContract from './money-operations.ts';
import * as reading from './reading.ts';
import * as reservations from './reservations.ts';
import * as service from './service.ts';
import * as statement from './statement.ts';
import * as statements from './statement-operations.ts';
import { createTransfer } from './transfers.ts';
import { listUsage } from './usage.ts';

const handleCreateGasAccount: Handle<typeof accounts.createGasAccount> = (
  { params, body },
  context,
) => service.createGasAccount(context, params.accountId, body);

const handleListGasAccounts: Handle<typeof accounts.listGasAccounts> = (
  { params, query },
  context,
) => service.listGasAccounts(context, params.accountId, query);

const handleGetGasAccount: Handle<typeof accounts.getGasAccount> = ({ params }, context) =>
  service.getGasAccount(context, params);

const handleUpdateGasAccount: Handle<typeof accounts.updateGasAccount> = (
  { params, body },
  context,
) => service.updateGasAccount(context, params, body);

const handleCloseGasAccount: Handle<typeof accounts.closeGasAccount> = ({ params }, context) =>
  service.closeGasAccount(context, params);

const handleGetBalance: Handle<typeof statements.getBalance> = ({ params, query }, context) =>
  reading.getBalance(context, params, query.at);

const handleListEntries: Handle<typeof statements.listEntries> = ({ params, query }, context) =>
  reading.listEntries(context, params, query);

const handleGetStatement: Handle<typeof statements.getStatement> = ({ params, query }, context) =>
  statement.getStatement(context, params, query);

const handleExportStatement: Handle<typeof statements.exportStatement> = (
  { params, query },
  context,
) => statement.exportStatement(context, params, query);

const handleListUsage: Handle<typeof statements.listUsage> = ({ params, query }, context) =>
  listUsage(context, params.accountId, query);

const handleCreateTransfer: Handle<typeof moneyContract.createTransfer> = (
  { params, body },
  context,
) => createTransfer(context, params.accountId, body);

const handleCreateReservation: Handle<typeof moneyContract.createReservation> = (
  { params, body },
  context,
) => reservations.createReservation(context, params.accountId, body);

const handleListReservations: Handle<typeof moneyContract.listReservations> = (
  { params, query },
  context,
) => reservations.listReservations(context, params.accountId, query);

const handleGetReservation: Handle<typeof moneyContract.getReservation> = ({ params }, context) =>
  reservations.getReservation(context, params);

const handleCaptureReservation: Handle<typeof moneyContract.captureReservation> = (
  { params, body },
  context,
) => reservations.captureReservation(context, params, body);

const handleReleaseReservation: Handle<typeof moneyContract.releaseReservation> = (
  { params },
  context,
) => reservations.releaseReservation(context, params);

export const gasbankRoutes = [
  route(accounts.createGasAccount, handleCreateGasAccount),
  route(accounts.listGasAccounts, handleListGasAccounts),
  route(accounts.getGasAccount, handleGetGasAccount),
  route(accounts.updateGasAccount, handleUpdateGasAccount),
  route(accounts.closeGasAccount, handleCloseGasAccount),
  route(statements.getBalance, handleGetBalance),
  route(statements.listEntries, handleListEntries),
  route(statements.getStatement, handleGetStatement),
  route(statements.exportStatement, handleExportStatement),
  route(statements.listUsage, handleListUsage),
  route(moneyContract.createTransfer, handleCreateTransfer),
  route(moneyContract.createReservation, handleCreateReservation),
  route(moneyContract.listReservations, handleListReservations),
  route(moneyContract.getReservation, handleGetReservation),
  route(moneyContract.captureReservation, handleCaptureReservation),
  route(moneyContract.releaseReservation, handleReleaseReservation),
];
