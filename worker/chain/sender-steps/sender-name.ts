/**
 * The name of the object that sends for an account on a network: the only one that ever does, so
 * whoever calls it names it from here (money rule M1).
 */
import { encodeAddress } from '../../core/neo/address.ts';
import type { SenderIdentity } from '../../core/neo-sender/intent.ts';

export const senderName = ({ magic, account }: SenderIdentity): string =>
  `${String(magic)}:${encodeAddress(account)}`;
