/** Terms of a policy for the tests of this folder. */
import { assert } from '../../../worker/core/assert.ts';
import { decodeScriptHash, type ScriptHash } from '../../../worker/core/neo/script-hash.ts';
import type { SponsorshipTerms } from '../../../worker/core/sponsorships/policy.ts';
import { parseTerms, type SponsorshipForm } from '../../../worker/core/sponsorships/policy-form.ts';

export const hash = (byte: number): ScriptHash => decodeScriptHash(new Uint8Array(20).fill(byte));
export const GAME = hash(1);
export const OTHER = hash(2);
export const SPONSOR = hash(7);
export const USER = hash(8);

export const FORM: SponsorshipForm = {
  contracts: [{ contract: GAME, methods: ['play', 'transfer'] }],
  feeMax: '0.5',
  perDay: '20',
  perAccountPerDay: '50',
  perSignerPerDay: '1',
  perKeyPerDay: '10',
  perContractPerDay: '11',
  perMethodPerDay: '12',
  perEndUserPerDay: '13',
  faultsPerDay: 50,
  faultsPerSignerPerDay: 3,
  openMax: 100,
  openPerSignerMax: 2,
  windowBlocksMax: 100,
  requiresUserSession: true,
};

export function termsOf(form: SponsorshipForm = FORM): SponsorshipTerms {
  const parsed = parseTerms(form);
  assert(parsed.ok, 'terms of a policy');
  return parsed.value;
}
