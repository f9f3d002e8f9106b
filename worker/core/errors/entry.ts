/** The form of a row of the error catalogue. */
export interface ErrorEntry {
  readonly status:
    | 400
    | 401
    | 402
    | 403
    | 404
    | 405
    | 409
    | 410
    | 412
    | 413
    | 415
    | 422
    | 429
    | 500
    | 502
    | 503
    | 504;
  readonly title: string;
  readonly retryable: boolean;
  /** What causes it and what to do; printed in docs/errors.md. */
  readonly help: string;
}
