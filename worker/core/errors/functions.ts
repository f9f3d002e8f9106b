/**
 * Functions, their executions, and the queue they wait in. Rows of the catalogue (../errors.ts).
 */
import type { ErrorEntry } from './entry.ts';

export const FUNCTION_ERRORS = {
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
    help: 'One run makes at most 5 HTTP calls and 20 reads of a chain, of 4 MB in total.',
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
    help:
      'Only code that ran to an end has one. This execution was refused, cancelled or lost ' +
      'before, or its end could not be signed; `error` of the execution tells.',
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
} as const satisfies Record<string, ErrorEntry>;
