/**
 * The bridge's log: one JSON object a line, of fields named here. There is no field for text, bytes
 * or errors from elsewhere, so no key, plaintext or quoted value can slip in.
 */
import type { LogLevel } from './env.ts';

export interface LogLine {
  readonly level: Exclude<LogLevel, 'silent'>;
  readonly event: 'vault.open_refused';
  /** Which check failed. Callers get one code for all of them. */
  readonly reason: 'not_an_envelope' | 'key_unknown' | 'authentication_failed';
  readonly subject: 'data_key' | 'item';
  readonly accountId: string;
  readonly keyId?: string;
}

export type Log = (line: LogLine) => void;

const SEVERITY = { debug: 0, info: 1, warn: 2, error: 3, silent: 4 } as const satisfies Record<
  LogLevel,
  number
>;

export const createLog =
  (least: LogLevel): Log =>
  (line) => {
    if (SEVERITY[line.level] < SEVERITY[least]) return;
    console.log(JSON.stringify({ service: 'enclave-bridge', ...line }));
  };
