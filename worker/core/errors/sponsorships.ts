/** Sponsored transactions and their policies. Rows of the catalogue (../errors.ts). */
import type { ErrorEntry } from './entry.ts';

const SIGN_AS_PREPARED =
  'Sign the transaction as it was prepared, byte for byte; nothing was signed here.';

export const SPONSORSHIP_ERRORS = {
  'sponsorships.policy_unknown': {
    status: 422,
    title: 'This is not a sponsorship policy of the account',
    retryable: false,
    help: 'Name a policy of `sponsorships.listPolicies`. Without one nothing is paid for.',
  },
  'sponsorships.policy_suspended': {
    status: 403,
    title: 'The policy is suspended',
    retryable: false,
    help:
      'Its faults of a day came to their cap. Look at what failed, then resume it with ' +
      '`sponsorships.resumePolicy`.',
  },
  'sponsorships.policy_foreign': {
    status: 403,
    title: 'The key is bound to another policy',
    retryable: false,
    help: 'A publishable key asks under its own policy alone, and signs nothing but what it asked for.',
  },
  'sponsorships.too_many_policies': {
    status: 429,
    title: 'The account has too many sponsorship policies',
    retryable: false,
    help: 'It may have `limit`. Delete one that is not used.',
  },
  'sponsorships.gas_account_unusable': {
    status: 422,
    title: 'This gas account cannot pay',
    retryable: false,
    help: 'Name an open gas account of the same account and network.',
  },
  'sponsorships.script_not_canonical': {
    status: 422,
    title: 'The script is no sequence of literal calls',
    retryable: false,
    help:
      'Each call has its arguments, flags, method and contract as literals, in their shortest form, ' +
      'and at most one ASSERT or DROP. Give `calls` instead of a script; `detail` says where it ends.',
  },
  'sponsorships.too_many_calls': {
    status: 422,
    title: 'The script has too many calls',
    retryable: false,
    help: 'A sponsored script has at most `limit` calls; send the others by themselves.',
  },
  'sponsorships.call_not_allowed': {
    status: 403,
    title: 'The policy does not pay for this call',
    retryable: false,
    help: '`detail` names the call. A policy names contracts and their methods one by one.',
  },
  'sponsorships.transfer_failed': {
    status: 422,
    title: 'A transfer would answer false',
    retryable: false,
    help:
      'It would end well, do nothing and be charged. Mend the transfer; with the result `asserted` ' +
      'it fails as a whole if its transfer does.',
  },
  'sponsorships.would_fault': {
    status: 422,
    title: 'The transaction would fail',
    retryable: false,
    help: 'Nodes ran it and it ended in a FAULT; `detail` is the exception. Nothing was held.',
  },
  'sponsorships.fee_above_policy': {
    status: 403,
    title: 'It costs more than the policy pays for one transaction',
    retryable: false,
    help: '`observed` is what it costs, `limit` what the policy allows, in datoshi.',
  },
  'sponsorships.faults_spent': {
    status: 403,
    title: 'The faults of the day are spent',
    retryable: false,
    help: 'Too many transactions of the policy or of this signer failed today (UTC): `limit`.',
  },
  'sponsorships.too_many_open': {
    status: 429,
    title: 'Too many sponsorships are open',
    retryable: true,
    help: 'Of the policy or of this signer, `limit`. Repeat when some have ended.',
  },
  'sponsorships.no_sponsor_funds': {
    status: 503,
    title: 'No sponsor wallet can pay now',
    retryable: true,
    help: 'Repeat later; the operator refills the wallets that pay on this network.',
  },
  'sponsorships.signer_unusable': {
    status: 422,
    title: 'This cannot be the user of a sponsored transaction',
    retryable: false,
    help: 'Give either the address that will sign, or an active wallet of the account on this network.',
  },
  'sponsorships.user_session_required': {
    status: 403,
    title: 'The signer has not shown that the address is hers',
    retryable: false,
    help:
      'The policy asks for a session of the signer: answer a challenge of ' +
      '`sponsorships.createUserChallenge` and send the token of `sponsorships.createUserSession`.',
  },
  'sponsorships.request_conflict': {
    status: 409,
    title: 'This id belongs to another sponsorship',
    retryable: false,
    help: 'The same id was used with other contents. Use a fresh id for another sponsorship.',
  },
  'sponsorships.expired': {
    status: 409,
    title: 'The sponsorship has expired',
    retryable: false,
    help: 'Its time to be signed is over and nothing is held for it any more. Ask anew.',
  },
  'sponsorships.not_prepared': {
    status: 409,
    title: 'The sponsorship takes no signature',
    retryable: false,
    help: '`detail` is its status: it is signed by a wallet of the account, or was never sent.',
  },
  'sponsorships.signature_refused': {
    status: 422,
    title: 'This does not sign the transaction',
    retryable: false,
    help:
      'Sign the magic of the network and the hash of the prepared transaction with the key of the ' +
      'signer, an account of one key; `detail` tells what is wrong.',
  },
  'sponsorships.bytes_malformed': {
    status: 422,
    title: 'These bytes are no transaction',
    retryable: false,
    help: SIGN_AS_PREPARED,
  },
  'sponsorships.sponsor_not_first': {
    status: 422,
    title: 'The sponsor is not the first signer',
    retryable: false,
    help: SIGN_AS_PREPARED,
  },
  'sponsorships.sponsor_scope': {
    status: 422,
    title: 'The witness of the sponsor has a scope',
    retryable: false,
    help: `The sponsor pays and agrees to nothing else: its scope is None. ${SIGN_AS_PREPARED}`,
  },
  'sponsorships.user_scope_global': {
    status: 422,
    title: 'The user would sign for every contract',
    retryable: false,
    help: 'The scope Global lets whatever is called act for the user. Use CalledByEntry.',
  },
  'sponsorships.user_scope_not_allowed': {
    status: 422,
    title: 'The policy does not allow this scope',
    retryable: false,
    help:
      'CalledByEntry, and CustomContracts with contracts of the policy; `detail` names what is ' +
      'beyond that.',
  },
  'sponsorships.attribute_foreign': {
    status: 422,
    title: 'The transaction has an attribute',
    retryable: false,
    help: `None is added here, and one could void what the sponsor sends. ${SIGN_AS_PREPARED}`,
  },
  'sponsorships.window_exceeded': {
    status: 422,
    title: 'The transaction is valid for too long',
    retryable: false,
    help: SIGN_AS_PREPARED,
  },
  'sponsorships.script_differs': {
    status: 422,
    title: 'This is not the script that was simulated',
    retryable: false,
    help: SIGN_AS_PREPARED,
  },
  'sponsorships.fees_differ': {
    status: 422,
    title: 'The fees are not those that are held',
    retryable: false,
    help: SIGN_AS_PREPARED,
  },
  'sponsorships.signers_differ': {
    status: 422,
    title: 'The signers are not those that were prepared',
    retryable: false,
    help: SIGN_AS_PREPARED,
  },
  'sponsorships.bytes_differ': {
    status: 422,
    title: 'This is not the transaction that was prepared',
    retryable: false,
    help: SIGN_AS_PREPARED,
  },
} as const satisfies Record<string, ErrorEntry>;
