/** HTTP for prices and credits: valid input, service, declared output. */
import { type Handle, route } from '../../http/serve-operation.ts';
import * as billing from './billing.ts';
import * as contract from './contract.ts';
import * as credits from './credits.ts';
import * as prices from './prices.ts';

const handleSetPrices: Handle<typeof contract.setPrices> = ({ body }, context) =>
  prices.setPrices(context, body);

const handleGetOperatorPrices: Handle<typeof contract.getOperatorPrices> = ({ query }, context) =>
  prices.getOperatorPrices(context, query);

const handleGetPrices: Handle<typeof contract.getPrices> = ({ query }, context) =>
  prices.getPrices(context, query);

const handleGetBilling: Handle<typeof contract.getBilling> = ({ params }, context) =>
  billing.getBilling(context, params.accountId);

const handleSetBilling: Handle<typeof contract.setBilling> = ({ params, body }, context) =>
  billing.setBilling(context, params.accountId, body);

const handleGetCredits: Handle<typeof contract.getCredits> = ({ params, query }, context) =>
  credits.getCredits(context, params.accountId, query);

const handleBuyCredits: Handle<typeof contract.buyCredits> = ({ params, body }, context) =>
  credits.buyCredits(context, params.accountId, body);

const handleClaimInitialAllocation: Handle<typeof contract.claimInitialAllocation> = (
  { params, body },
  context,
) => credits.claimInitialAllocation(context, params.accountId, body);

const handleGrantCredits: Handle<typeof contract.grantCredits> = ({ params, body }, context) =>
  credits.grantCredits(context, params.accountId, body);

export const meteringRoutes = [
  route(contract.setPrices, handleSetPrices),
  route(contract.getOperatorPrices, handleGetOperatorPrices),
  route(contract.getPrices, handleGetPrices),
  route(contract.getBilling, handleGetBilling),
  route(contract.setBilling, handleSetBilling),
  route(contract.getCredits, handleGetCredits),
  route(contract.buyCredits, handleBuyCredits),
  route(contract.claimInitialAllocation, handleClaimInitialAllocation),
  route(contract.grantCredits, handleGrantCredits),
];
