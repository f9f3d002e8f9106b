/**
 * The catalogue of everything the API refuses or fails with. A code is stable for ever; its title
 * may be reworded. `retryable` tells clients whether the same request can succeed later without a
 * change.
 */
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

export const ERRORS = {
  'request.malformed': {
    status: 400,
    title: 'The request is not valid',
    retryable: false,
    help: 'Mend each place named in `fields`.',
  },
  'request.unauthenticated': {
    status: 401,
    title: 'A valid credential is required',
    retryable: false,
    help:
      'Send `Authorization: Bearer <API key or operator token>`. Unknown, expired, revoked and ' +
      'malformed credentials get the same answer.',
  },
  'request.forbidden': {
    status: 403,
    title: 'The credential does not allow this operation',
    retryable: false,
    help: 'Use a key whose scopes include the one named in `detail`.',
  },
  'request.not_found': {
    status: 404,
    title: 'There is no such resource',
    retryable: false,
    help: 'It does not exist, was deleted, or belongs to another account.',
  },
  'request.method_not_allowed': {
    status: 405,
    title: 'The method is not allowed here',
    retryable: false,
    help: 'Use a method named in the `Allow` header.',
  },
  'request.body_too_large': {
    status: 413,
    title: 'The body is too large',
    retryable: false,
    help: 'Send at most `limit` bytes.',
  },
  'request.media_type_unsupported': {
    status: 415,
    title: 'The body must be JSON',
    retryable: false,
    help: 'Send `Content-Type: application/json`.',
  },
  'request.rate_limited': {
    status: 429,
    title: 'Too many requests',
    retryable: true,
    help: 'Wait `Retry-After` seconds. The `RateLimit` header tells what is left.',
  },
  'request.precondition_failed': {
    status: 412,
    title: 'The resource has changed',
    retryable: false,
    help: 'Read it again and repeat the change with the new `ETag` in `If-Match`.',
  },
  'idempotency.key_reused': {
    status: 422,
    title: 'The idempotency key belongs to another request',
    retryable: false,
    help: 'The same `Idempotency-Key` was used with another method, path or body. Make a new key.',
  },
  'idempotency.in_progress': {
    status: 409,
    title: 'The first request with this key is still running',
    retryable: true,
    help: 'Repeat after `Retry-After` seconds; a dead first request loses its lease.',
  },
  'quota.exceeded': {
    status: 403,
    title: 'A quota of the account is used up',
    retryable: false,
    help: 'Delete what is not needed, or ask the operator to raise the quota; `limit` and `observed` tell the numbers.',
  },
  'accounts.state_conflict': {
    status: 409,
    title: 'The account is not in a state that allows this',
    retryable: false,
    help: 'Only an active account can be suspended and only a suspended one resumed; read its `status`.',
  },
  'keys.wider_than_creator': {
    status: 403,
    title: 'A key cannot give more than it has',
    retryable: false,
    help: 'Ask for scopes and a lifetime within those of the key you use; `detail` names what is beyond.',
  },
  'keys.ended': {
    status: 409,
    title: 'The key has ended',
    retryable: false,
    help: 'An expired, revoked or already rotated key cannot be rotated; make a new one.',
  },
  'wallets.approvals_required': {
    status: 403,
    title: 'The change needs approvals of the wallet policy',
    retryable: false,
    help: 'Collect `limit` approvals of the present members; `observed` were given.',
  },
  'wallets.address_taken': {
    status: 409,
    title: 'The account has this wallet already',
    retryable: false,
    help: 'A wallet is kept once, however its address is written. Find it in the list of wallets.',
  },
  'wallets.member_unknown': {
    status: 422,
    title: 'A member of the policy is not a wallet of the account',
    retryable: false,
    help: 'Name only wallets of this account; `fields` point at those that are not, or were removed meanwhile.',
  },
  'wallets.policy_unverified': {
    status: 422,
    title: 'Too few members of the policy are verified',
    retryable: false,
    help:
      'At least `limit` members must be verified, `observed` are. A policy nobody could satisfy ' +
      'would lock the account.',
  },
  'account.suspended': {
    status: 403,
    title: 'The account is suspended',
    retryable: false,
    help: 'Ask the operator to resume it.',
  },
  'service.not_ready': {
    status: 503,
    title: 'A part of the platform is not ready',
    retryable: true,
    help: 'With an operator token, `fields` name the parts that failed and why.',
  },
  'service.misconfigured': {
    status: 503,
    title: 'The service is not configured for this',
    retryable: true,
    help: 'An operator must set what `/readyz` names.',
  },
  'secrets.name_taken': {
    status: 409,
    title: 'The account has a secret of this name',
    retryable: false,
    help:
      'Replace its value with `PUT /accounts/{accountId}/secrets/{name}`, or choose another ' +
      'name; names are case-sensitive.',
  },
  'secrets.value_too_large': {
    status: 413,
    title: 'The value of the secret is too large',
    retryable: false,
    help: 'A value has at most `limit` bytes of UTF-8; `observed` is its size.',
  },
  'secrets.encryption_unconfigured': {
    status: 503,
    title: 'The vault has no usable master key',
    retryable: true,
    help:
      'Nothing was stored. An operator must set `SECRET_ENCRYPTION_KEY` on the enclave bridge; ' +
      'a malformed value, and a development value outside development, count as none.',
  },
  'secrets.undecryptable': {
    status: 500,
    title: 'A sealed value cannot be opened',
    retryable: false,
    help:
      'It was sealed under a master key that is no longer configured, or the stored bytes were ' +
      'changed. An operator may set the older key as `SECRET_ENCRYPTION_KEY_PREVIOUS`.',
  },
  'bridge.batch_too_large': {
    status: 413,
    title: 'Too much to seal or sign in one step',
    retryable: false,
    help: 'Ask for less at once; `limit` and `observed` tell the bound.',
  },
  'signing.unconfigured': {
    status: 503,
    title: 'The platform has no usable signing key',
    retryable: true,
    help:
      'Nothing was signed. An operator must set `SIGNING_KEY` on the enclave bridge to a P-256 ' +
      'key of its own; a malformed value, and a development value outside development, count as ' +
      'none.',
  },
  'signing.key_unknown': {
    status: 422,
    title: 'The signature names a key that is not in the list',
    retryable: false,
    help: 'Fetch the current list from `/system/signing-keys`; it holds every key the platform ever signed with.',
  },
  'signing.signature_invalid': {
    status: 422,
    title: 'The signature does not belong to this content',
    retryable: false,
    help: 'The content or the signature was changed after signing.',
  },
  'functions.source_invalid': {
    status: 422,
    title: 'The source does not compile',
    retryable: false,
    help: 'Mend the source at the line and column in `detail`; `fields` points to it.',
  },
  'functions.runtime_unavailable': {
    status: 422,
    title: 'There is no executor for this runtime',
    retryable: false,
    help: 'Use `javascript`; TypeScript is bundled by `slctl functions deploy`.',
  },
  'functions.name_taken': {
    status: 409,
    title: 'Another function has this name',
    retryable: false,
    help: 'Choose another name, or update the function that has it.',
  },
  'functions.input_schema_invalid': {
    status: 422,
    title: 'The input schema is not a valid JSON Schema',
    retryable: false,
    help: 'Mend the place named in `fields`; the dialect is 2020-12.',
  },
  'functions.input_invalid': {
    status: 422,
    title: 'The params do not satisfy the input schema',
    retryable: false,
    help: 'Mend each place named in `fields`.',
  },
  'functions.function_failed': {
    status: 422,
    title: 'The function threw an error',
    retryable: false,
    help: 'The execution tells message, line and column. Mend the function, or the params it got.',
  },
  'functions.fuel_exhausted': {
    status: 422,
    title: 'The function used up its fuel',
    retryable: false,
    help: 'It computes too long or never ends. Do less in one run, or raise its fuel limit.',
  },
  'functions.memory_exhausted': {
    status: 422,
    title: 'The function used up its memory',
    retryable: false,
    help: 'Keep less at once, or raise its memory limit.',
  },
  'functions.stack_exhausted': {
    status: 422,
    title: 'The function calls itself too deeply',
    retryable: false,
    help: 'Turn the recursion into a loop; about 250 nested calls fit.',
  },
  'functions.never_settled': {
    status: 422,
    title: 'The function returned a promise that can never settle',
    retryable: false,
    help: 'Nothing was left to run or to wait for. Return a promise that something resolves.',
  },
  'functions.timed_out': {
    status: 422,
    title: 'The function waited too long for host calls',
    retryable: true,
    help: 'The hosts it called did not answer in time.',
  },
  'functions.output_invalid': {
    status: 422,
    title: 'The result is not valid JSON',
    retryable: false,
    help: 'Return no cycles, no BigInt, no lone surrogates and at most 200 levels.',
  },
  'functions.output_too_large': {
    status: 422,
    title: 'The result is too large',
    retryable: false,
    help: 'Return at most 64 KiB of JSON.',
  },
  'functions.permission_denied': {
    status: 403,
    title: 'The permissions of the function do not allow this',
    retryable: false,
    help: 'Add the Devpack module or the HTTP host to the `permissions` of the function.',
  },
  'functions.call_invalid': {
    status: 422,
    title: 'The function made a call that is not valid',
    retryable: false,
    help: 'The message tells what is wrong with the URL, the headers or the params.',
  },
  'functions.call_limit': {
    status: 422,
    title: 'The function made too many or too large host calls',
    retryable: false,
    help: 'One run makes at most 5 HTTP calls of 4 MB in total.',
  },
  'functions.action_limit': {
    status: 422,
    title: 'The function queued too many actions',
    retryable: false,
    help: 'One run queues at most 100 actions with 256 KiB of params in total.',
  },
  'functions.replay_diverged': {
    status: 409,
    title: 'The replay did something else than the journal says',
    retryable: false,
    help: 'Source, params, secrets, journal or runtime differ from those of the execution.',
  },
  'functions.runtime_failed': {
    status: 500,
    title: 'The virtual machine of the run broke',
    retryable: false,
    help: 'Only this run was lost. Report the execution id with the source of the function.',
  },
  'functions.capacity': {
    status: 503,
    title: 'No slot to run in became free in time',
    retryable: true,
    help: 'Repeat with backoff, or use `mode: async`, which waits in the queue.',
  },
  'functions.not_deployed': {
    status: 409,
    title: 'The function has no active version',
    retryable: false,
    help: 'Deploy a version that is `ready`.',
  },
  'functions.no_earlier_version': {
    status: 409,
    title: 'There is no earlier active version',
    retryable: false,
    help: 'Deploy a version by its id instead.',
  },
  'functions.runtime_retired': {
    status: 409,
    title: 'The runtime of this execution is no longer kept',
    retryable: false,
    help: 'The last three runtimes are kept for replay; its receipt still verifies.',
  },
  'functions.execution_not_ended': {
    status: 409,
    title: 'The execution has not ended',
    retryable: true,
    help: 'Poll it until its `status` is final.',
  },
  'functions.action_unavailable': {
    status: 503,
    title: 'No service carries out actions of this type',
    retryable: false,
    help: 'The service is not part of this version of the platform; the code itself ran to its end.',
  },
  'functions.execution_started': {
    status: 409,
    title: 'The execution was started already',
    retryable: false,
    help: 'Code that started is never started again. Read the execution; make another one to run again.',
  },
  'functions.execution_ended': {
    status: 409,
    title: 'The execution has ended',
    retryable: false,
    help: 'An ended execution cannot be cancelled or changed; read its status.',
  },
  'functions.lease_lost': {
    status: 409,
    title: 'Another runner holds the execution now',
    retryable: false,
    help: 'The lease of this runner ended, so its result was refused. The execution tells what became of it.',
  },
  'functions.interrupted': {
    status: 500,
    title: 'The execution was interrupted after its code had started',
    retryable: false,
    help: 'The machine that ran it went away. It is never started again by itself, since it may have had effects.',
  },
  'functions.queue_expired': {
    status: 503,
    title: 'The execution waited too long to be started',
    retryable: true,
    help: 'It was never started, so a new execution with the same input is safe.',
  },
  'functions.cancelled': {
    status: 409,
    title: 'The execution was cancelled',
    retryable: false,
    help: 'Somebody with access to the account cancelled it; the audit log names the actor.',
  },
  'functions.action_failed': {
    status: 502,
    title: 'An action of the execution failed',
    retryable: false,
    help: 'The code ran to its end; `actions` tells the result of each action. Earlier actions stay done.',
  },
  'functions.action_abandoned': {
    status: 503,
    title: 'The action could not be carried out in time',
    retryable: true,
    help: 'Every attempt lost its runner. Whether the last one had an effect is told by the service it addressed.',
  },
  'functions.journal_expired': {
    status: 410,
    title: 'The I/O journal of this execution is no longer kept',
    retryable: false,
    help: 'Retention dropped it. The receipt stays; run the function again to get a journal that can be replayed.',
  },
  'functions.journal_not_kept': {
    status: 409,
    title: 'The execution has no I/O journal',
    retryable: false,
    help: 'It was made with `store: receipt`, has not ended, or never started.',
  },
  'functions.receipt_not_made': {
    status: 409,
    title: 'The execution has no receipt',
    retryable: false,
    help: 'Only code that ran to an end has one. This execution was refused, cancelled or lost before, or its end could not be signed; `error` of the execution tells.',
  },
  'functions.output_expired': {
    status: 410,
    title: 'Output and logs of this execution are no longer kept',
    retryable: false,
    help: 'Retention dropped them. The receipt stays and still proves their hash.',
  },
  'functions.secret_not_granted': {
    status: 403,
    title: 'A secret is not granted to the function',
    retryable: false,
    help:
      'Somebody with the scope `secrets:grant` must add the function to the grants of the ' +
      'secret named in `detail`.',
  },
  'functions.secret_missing': {
    status: 409,
    title: 'The function names a secret that does not exist',
    retryable: false,
    help:
      'Make the secret named in `detail` and grant it to the function, or take its name out of ' +
      'the function. Names are case-sensitive.',
  },
  'functions.secret_version_purged': {
    status: 410,
    title: 'A version of a secret is no longer kept',
    retryable: false,
    help:
      'The execution read a version whose grace window is over, so it cannot be replayed; ' +
      '`detail` names it. Rotate with a longer `graceSeconds` to keep replays possible.',
  },
  'upstream.unavailable': {
    status: 503,
    title: 'A part of the platform did not answer',
    retryable: true,
    help: 'Repeat with backoff; `/readyz` tells operators which part.',
  },
  'egress.refused': {
    status: 422,
    title: 'The outgoing request is not allowed',
    retryable: false,
    help:
      'Only https on port 443 to public hosts is allowed, and what an operator lists in ' +
      '`EGRESS_ALLOW`. `detail` tells which rule refused it.',
  },
  'egress.too_large': {
    status: 502,
    title: 'The answer of the remote host is too large',
    retryable: false,
    help: 'Ask the host for less; `limit` is counted after decompression.',
  },
  'egress.timed_out': {
    status: 504,
    title: 'The remote host did not answer in time',
    retryable: true,
    help: 'The deadline covers all redirects and the whole body. Repeat with backoff.',
  },
  'egress.failed': {
    status: 502,
    title: 'The remote host could not be reached',
    retryable: true,
    help: 'The name does not resolve, the connection or its certificate failed, or the answer broke off.',
  },
  'egress.too_many_redirects': {
    status: 502,
    title: 'The remote host redirects too often',
    retryable: false,
    help: 'Use the final address; at most `limit` redirects are followed.',
  },
  'queue.full': {
    status: 429,
    title: 'The work queue of the account is full',
    retryable: true,
    help: 'Wait until waiting work is done, or cancel some; `limit` and `observed` tell how much may wait and does.',
  },
  'queue.item_conflict': {
    status: 409,
    title: 'The id belongs to other work',
    retryable: false,
    help: 'An item with this id and another body is in the queue, or was within the last day. Make a new id.',
  },
  'queue.item_ended': {
    status: 409,
    title: 'The work has already ended',
    retryable: false,
    help: 'Read it for its end; what has ended cannot be cancelled.',
  },
  'queue.item_not_dead': {
    status: 409,
    title: 'The work is not a dead letter',
    retryable: false,
    help: 'Only dead letters can be replayed or dropped.',
  },
  'queue.replay_refused': {
    status: 409,
    title: 'The work has started and cannot be started again',
    retryable: false,
    help: 'Code never starts twice: ask for a fresh execution with the same input.',
  },
  'queue.lease_stale': {
    status: 409,
    title: 'The lease on the work is not held any more',
    retryable: false,
    help:
      'The lease ran out, the work was cancelled, or another runner has started it. Stop and ' +
      'discard what was done.',
  },
  'internal.error': {
    status: 500,
    title: 'Something broke on our side',
    retryable: true,
    help: 'The request id leads to the log entry.',
  },
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof ERRORS;

export const ERROR_TYPE_PREFIX = '/docs/errors#';
