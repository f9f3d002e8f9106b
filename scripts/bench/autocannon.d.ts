/** The part of autocannon that the bench uses; the package brings no types of its own. */
declare module 'autocannon' {
  import type { EventEmitter } from 'node:events';

  interface Options {
    readonly url: string;
    readonly method: 'GET' | 'POST';
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: string;
    readonly connections: number;
    /** Seconds. */
    readonly duration: number;
    /** Milliseconds between two looks at the clock. */
    readonly sampleInt?: number;
    /** Seconds until a request counts as lost. */
    readonly timeout?: number;
  }

  interface Outcome {
    readonly errors: number;
    readonly timeouts: number;
    readonly non2xx: number;
  }

  /** Emits `response` with client, status, bytes and milliseconds. */
  type Run = EventEmitter & PromiseLike<Outcome>;

  export default function autocannon(options: Options): Run;
}
