/**
 * Why a book refuses to pay for work: what the owner of the account can mend. Whatever else it may
 * say of such a command would be a mistake of ours.
 */
import type { ErrorCode } from '../errors.ts';

export const METER_REFUSALS = [
  'gasbank.insufficient_funds',
  'gasbank.budget_exceeded',
  'gasbank.fund_not_found',
  'gasbank.book_closed',
  'gasbank.full',
] as const satisfies readonly ErrorCode[];

export type MeterRefusal = (typeof METER_REFUSALS)[number];

export const isMeterRefusal = (code: ErrorCode): code is MeterRefusal =>
  METER_REFUSALS.some((known) => known === code);
