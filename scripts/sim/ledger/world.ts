/** What the parts of a ledger simulation share: the books as they are driven, and all around them. */
import type { AccountLedgerRpc } from '../../../durable-objects/account-ledger/rpc.ts';
import type { SqlRow } from '../../../durable-objects/bounded-sql.ts';
import type { BookMove } from '../../../worker/core/ledger/moves.ts';

/** A book, in memory or as an object in workerd. Each call is one turn of it. */
export interface LedgerUnderTest
  extends Pick<AccountLedgerRpc, 'execute' | 'receive' | 'acknowledge' | 'checkpoint'> {
  /** Runs the alarm; answers the moves it handed over. */
  ring(): Promise<readonly BookMove[]>;
  alarmAt(): Promise<number | null>;
  /** The next turns die at the statement that many from now; null for never. */
  dieAfter(statements: number | null): void;
  /** Forgets all that is not stored. */
  restart(): Promise<void>;
  rows(statement: string): Promise<readonly SqlRow[]>;
}

export const MAGIC = 56_753;
export const PLATFORM_OWNER = 'platform';
export const CUSTOMERS = [
  'acc_01k00000000000000000000001',
  'acc_01k00000000000000000000002',
  'acc_01k00000000000000000000003',
] as const;
export const OWNERS = [...CUSTOMERS, PLATFORM_OWNER] as const;
export const ADDRESSES = [`0x${'a1'.repeat(20)}`, `0x${'b2'.repeat(20)}`] as const;
