/** HTTP for vaults, the platform's wallets and deposits: valid input, service, declared output. */
import { type Handle, route } from '../../http/serve-operation.ts';
import * as depositContract from './deposit-operations.ts';
import * as deposits from './deposits.ts';
import * as instructionContract from './instruction-operations.ts';
import * as instructions from './instructions.ts';
import { setVault } from './registration.ts';
import * as vaultContract from './vault-operations.ts';
import * as state from './vault-state.ts';
import * as walletContract from './wallet-operations.ts';
import * as wallets from './wallets.ts';

const handleCreatePlatformWallet: Handle<typeof walletContract.createPlatformWallet> = (
  { body },
  context,
) => wallets.createPlatformWallet(context, body);

const handleListPlatformWallets: Handle<typeof walletContract.listPlatformWallets> = (
  { query },
  context,
) => wallets.listPlatformWallets(context, query);

const handleGetPlatformWallet: Handle<typeof walletContract.getPlatformWallet> = (
  { params },
  context,
) => wallets.getPlatformWallet(context, params.platformWalletId);

const handleRetirePlatformWallet: Handle<typeof walletContract.retirePlatformWallet> = (
  { params },
  context,
) => wallets.retirePlatformWallet(context, params.platformWalletId);

const handleSetRefillRule: Handle<typeof walletContract.setRefillRule> = (
  { params, body },
  context,
) => wallets.setRefillRule(context, params.platformWalletId, body.refillRule);

const handleSetVault: Handle<typeof vaultContract.setVault> = ({ params, body }, context) =>
  setVault(context, params.network, body);

const handleListVaults: Handle<typeof vaultContract.listVaults> = (_input, context) =>
  state.listVaults(context);

const handleGetVault: Handle<typeof vaultContract.getVault> = ({ params }, context) =>
  state.getVault(context, params.network);

const handleListDeposits: Handle<typeof depositContract.listDeposits> = (
  { params, query },
  context,
) => deposits.listDeposits(context, params.accountId, query);

const handleGetDeposit: Handle<typeof depositContract.getDeposit> = ({ params }, context) =>
  deposits.getDeposit(context, params);

const handleListSuspense: Handle<typeof depositContract.listSuspense> = ({ query }, context) =>
  deposits.listSuspense(context, query);

const handleAssignDeposit: Handle<typeof depositContract.assignDeposit> = (
  { params, body },
  context,
) => deposits.assignDeposit(context, params.depositId, body);

const handleGetDepositInstructions: Handle<typeof instructionContract.getDepositInstructions> = (
  { params, query },
  context,
) => instructions.getDepositInstructions(context, params, query);

const handleGetDepositPage: Handle<typeof instructionContract.getDepositPage> = (
  { params },
  context,
) => instructions.getDepositPage(context, params.gasAccountId);

const handleGetDepositScript: Handle<typeof instructionContract.getDepositScript> = () =>
  instructions.getDepositScript();

export const vaultRoutes = [
  route(walletContract.createPlatformWallet, handleCreatePlatformWallet),
  route(walletContract.listPlatformWallets, handleListPlatformWallets),
  route(walletContract.getPlatformWallet, handleGetPlatformWallet),
  route(walletContract.retirePlatformWallet, handleRetirePlatformWallet),
  route(walletContract.setRefillRule, handleSetRefillRule),
  route(vaultContract.setVault, handleSetVault),
  route(vaultContract.listVaults, handleListVaults),
  route(vaultContract.getVault, handleGetVault),
  route(depositContract.listDeposits, handleListDeposits),
  route(depositContract.getDeposit, handleGetDeposit),
  route(depositContract.listSuspense, handleListSuspense),
  route(depositContract.assignDeposit, handleAssignDeposit),
  route(instructionContract.getDepositInstructions, handleGetDepositInstructions),
  route(instructionContract.getDepositPage, handleGetDepositPage),
  route(instructionContract.getDepositScript, handleGetDepositScript),
];
