/** The object that sends for the account of a transaction (money rule M1: one account, one network). */
import type { TransactionView } from '../../../durable-objects/neo-sender/rpc.ts';
import { senderName } from '../../chain/sender-steps/sender-name.ts';
import type { SenderIdentity } from '../../core/neo-sender/intent.ts';
import { errorFields } from '../../http/log.ts';
import type { RequestContext } from '../../http/request-context.ts';
import type { TransactionRow } from './store.ts';

type Sent = Pick<TransactionRow, 'networkMagic' | 'sender'>;

export const identityOf = ({ networkMagic, sender }: Sent): SenderIdentity => ({
  magic: networkMagic,
  account: sender,
});

export const senderOf = ({ env }: Pick<RequestContext, 'env'>, sent: Sent) =>
  env.NEO_SENDER.getByName(senderName(identityOf(sent)));

/**
 * What the sender knows of it; undefined when it has none, or could not be asked: what the row says
 * is true then, if a little old.
 */
export async function viewOf(
  context: Pick<RequestContext, 'env' | 'log'>,
  row: TransactionRow,
): Promise<TransactionView | undefined> {
  if (row.status !== 'sending' && row.handedAt === null) return undefined;
  try {
    const view = await senderOf(context, row).get(row.transactionId);
    return view.ok ? view.value : undefined;
  } catch (thrown) {
    const { transactionId } = row;
    context.log.warn('transactions.sender_unreachable', { transactionId, ...errorFields(thrown) });
    return undefined;
  }
}
