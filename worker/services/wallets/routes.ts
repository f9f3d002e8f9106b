/** HTTP for wallets on a Neo network: valid input, service, declared output. */
import { type Handle, route } from '../../http/serve-operation.ts';
import { listBalances } from './balances.ts';
import * as contract from './contract.ts';
import { exportKey } from './export.ts';
import * as policy from './policy.ts';
import * as service from './service.ts';

const handleCreateWallet: Handle<typeof contract.createWallet> = ({ params, body }, context) =>
  service.createWallet(context, params.accountId, body);

const handleListWallets: Handle<typeof contract.listWallets> = ({ params, query }, context) =>
  service.listWallets(context, params.accountId, query);

const handleGetWallet: Handle<typeof contract.getWallet> = ({ params }, context) =>
  service.getWallet(context, params);

const handleListBalances: Handle<typeof contract.listBalances> = ({ params }, context) =>
  listBalances(context, params);

const handleUpdateWallet: Handle<typeof contract.updateWallet> = ({ params, body }, context) =>
  service.updateWallet(context, params, body.label);

const handleRetireWallet: Handle<typeof contract.retireWallet> = ({ params }, context) =>
  service.retireWallet(context, params);

const handleGetPolicy: Handle<typeof contract.getPolicy> = ({ params }, context) =>
  policy.getPolicy(context, params);

const handleSetPolicy: Handle<typeof contract.setPolicy> = ({ params, body }, context) =>
  policy.setPolicy(context, params, body);

const handleCheckTransaction: Handle<typeof contract.checkTransaction> = (
  { params, body },
  context,
) => policy.checkTransaction(context, params, body.transaction);

const handleExportKey: Handle<typeof contract.exportKey> = ({ params, body }, context) =>
  exportKey(context, params, body.recipientPublicKey);

export const walletRoutes = [
  route(contract.createWallet, handleCreateWallet),
  route(contract.listWallets, handleListWallets),
  route(contract.getWallet, handleGetWallet),
  route(contract.listBalances, handleListBalances),
  route(contract.updateWallet, handleUpdateWallet),
  route(contract.retireWallet, handleRetireWallet),
  route(contract.getPolicy, handleGetPolicy),
  route(contract.setPolicy, handleSetPolicy),
  route(contract.checkTransaction, handleCheckTransaction),
  route(contract.exportKey, handleExportKey),
];
