/** HTTP for transactions: valid input, service, declared output. */
import { type Handle, route } from '../../http/serve-operation.ts';
import * as contract from './contract.ts';
import * as service from './service.ts';

const handleSimulateTransaction: Handle<typeof contract.simulateTransaction> = (
  { body },
  context,
) => service.simulateTransaction(context, body);

export const transactionRoutes = [route(contract.simulateTransaction, handleSimulateTransaction)];
