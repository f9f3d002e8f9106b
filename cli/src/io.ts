/**
 * * Everything of the outside that the program touches, as one value: streams, environment,
 * network, clock. `runCli` takes it as an argument, so a test drives the whole program without a
 * process. Files are read through `node:fs` directly.
 */
export interface Output {
  write(text: string): void;
  readonly isTty: boolean;
  /** Undefined when the output is not a terminal. */
  readonly columns: number | undefined;
}

export interface Input {
  readonly isTty: boolean;
  readAll(): Promise<Uint8Array>;
  /** One line from a terminal, with echo off; only called when `isTty`. */
  readHiddenLine(): Promise<string>;
}

export interface Io {
  readonly stdin: Input;
  readonly stdout: Output;
  readonly stderr: Output;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly fetch: typeof globalThis.fetch;
  readonly now: () => number;
  /** Resolves after the time, or at once when the signal fires; never rejects. */
  readonly wait: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  /** Fires on Ctrl-C. */
  readonly signal: AbortSignal;
}
