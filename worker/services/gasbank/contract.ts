/**
 * Gas accounts: prepaid GAS of an account on a Neo network, kept in a book of double entry. Each
 * operation about money carries an id of the caller's and is done once for it. Amounts are decimal
 * GAS (../../http/gas-schemas.ts).
 */
import { accountOperations } from './account-operations.ts';
import { moneyOperations } from './money-operations.ts';
import { statementOperations } from './statement-operations.ts';

export const gasbankOperations = [
  ...accountOperations,
  ...statementOperations,
  ...moneyOperations,
] as const;
