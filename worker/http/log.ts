/**
 * The one place that writes to the console: a JSON line an event, filtered by `LOG_LEVEL`. Fields
 * are chosen by the caller one by one and are never whole requests, so bodies, credentials and
 * secret values have no way in.
 */
const SEVERITY = { debug: 10, info: 20, warn: 30, error: 40, silent: 100 } as const;
export type LogLevel = keyof typeof SEVERITY;
export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined>>;

export interface Log {
  readonly debug: (event: string, fields?: LogFields) => void;
  readonly info: (event: string, fields?: LogFields) => void;
  readonly warn: (event: string, fields?: LogFields) => void;
  readonly error: (event: string, fields?: LogFields) => void;
}

export function createLog(minimum: LogLevel, constant: LogFields = {}): Log {
  const write =
    (level: LogLevel) =>
    (event: string, fields: LogFields = {}) => {
      if (SEVERITY[level] < SEVERITY[minimum]) return;
      console.log(
        JSON.stringify({ time: new Date().toISOString(), level, event, ...constant, ...fields }),
      );
    };
  return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
}

/** What of a thrown thing may be logged: its name, message and stack. */
export const errorFields = (thrown: unknown): LogFields =>
  thrown instanceof Error
    ? { error: thrown.name, message: thrown.message, stack: thrown.stack }
    : { error: typeof thrown, message: String(thrown) };
