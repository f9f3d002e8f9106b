/** The last look before the sponsor signs; each row mends exactly one fault of the row above. */
import { describe, expect, it } from 'vitest';
import {
  encodeUnsigned,
  hashTransaction,
  type UnsignedTransaction,
} from '../../../worker/core/neo/transaction/transaction.ts';
import { CALLED_BY_ENTRY, NO_SCOPES } from '../../../worker/core/neo/transaction/witness-scope.ts';
import { checkSignedBytes } from '../../../worker/core/sponsorships/signed-bytes.ts';
import { OTHER, SPONSOR, USER } from './terms.ts';

const OWN: UnsignedTransaction = {
  nonce: 1,
  systemFee: 100n,
  networkFee: 50n,
  validUntilBlock: 130,
  signers: [
    { account: SPONSOR, scopes: NO_SCOPES },
    { account: USER, scopes: CALLED_BY_ENTRY },
  ],
  attributes: [],
  script: Uint8Array.of(0x40),
};
const PREPARED = {
  unsigned: encodeUnsigned(OWN),
  sponsor: SPONSOR,
  preparedHeight: 100,
  windowBlocks: 30,
};

const codeOf = (bytes: Uint8Array): string => {
  const checked = checkSignedBytes(PREPARED, bytes);
  return checked.ok ? 'ok' : checked.failure.code;
};

/** Every rule is broken at once. */
const BROKEN: UnsignedTransaction = {
  nonce: 2,
  systemFee: 101n,
  networkFee: 50n,
  validUntilBlock: 131,
  signers: [
    { account: USER, scopes: 'Global' },
    { account: SPONSOR, scopes: CALLED_BY_ENTRY },
    { account: OTHER, scopes: CALLED_BY_ENTRY },
  ],
  attributes: [{ type: 'Conflicts', hash: hashTransaction(OWN) }],
  script: Uint8Array.of(0x21),
};
const [user, sponsor, other] = BROKEN.signers as [
  UnsignedTransaction['signers'][number],
  UnsignedTransaction['signers'][number],
  UnsignedTransaction['signers'][number],
];

const ROWS: readonly (readonly [string, Partial<UnsignedTransaction>])[] = [
  ['sponsorships.sponsor_not_first', {}],
  ['sponsorships.sponsor_scope', { signers: [sponsor, user, other] }],
  ['sponsorships.user_scope_global', { signers: [{ ...sponsor, scopes: NO_SCOPES }, user, other] }],
  [
    'sponsorships.attribute_foreign',
    { signers: [{ ...sponsor, scopes: NO_SCOPES }, { ...user, scopes: CALLED_BY_ENTRY }, other] },
  ],
  ['sponsorships.window_exceeded', { attributes: [] }],
  ['sponsorships.script_differs', { validUntilBlock: 130 }],
  ['sponsorships.fees_differ', { script: OWN.script }],
  ['sponsorships.signers_differ', { systemFee: 100n }],
  ['sponsorships.bytes_differ', { signers: OWN.signers }],
  ['ok', { nonce: 1 }],
];

describe('the final bytes', () => {
  let transaction = BROKEN;
  const table = ROWS.map(([code, mended]) => {
    transaction = { ...transaction, ...mended };
    return [code, encodeUnsigned(transaction)] as const;
  });
  it.each(table)('%s', (code, bytes) => {
    expect(codeOf(bytes)).toBe(code);
  });

  it.each([
    ['empty', new Uint8Array()],
    ['one byte short', PREPARED.unsigned.slice(0, -1)],
    ['one byte long', Uint8Array.of(...PREPARED.unsigned, 0)],
  ])('are refused when they are %s', (_what, bytes) => {
    expect(codeOf(bytes)).toBe('sponsorships.bytes_malformed');
  });

  it.each([
    ['contracts', { calledByEntry: false, contracts: [] }],
    ['groups', { calledByEntry: false, groups: [] }],
    ['rules', { calledByEntry: false, rules: [] }],
    ['everything', 'Global'],
  ] as const)('are refused where the scope of the sponsor names %s', (_what, scopes) => {
    const signers = [{ account: SPONSOR, scopes }, ...OWN.signers.slice(1)];
    expect(codeOf(encodeUnsigned({ ...OWN, signers }))).toBe('sponsorships.sponsor_scope');
  });

  it.each([
    ['the last block of the window', 130, 'sponsorships.bytes_differ'],
    ['one beyond', 131, 'sponsorships.window_exceeded'],
    ['the block it was prepared at', 100, 'sponsorships.window_exceeded'],
  ])('M22: %s', (_what, validUntilBlock, code) => {
    const nonce = 9;
    expect(codeOf(encodeUnsigned({ ...OWN, nonce, validUntilBlock }))).toBe(code);
  });

  it('are refused with any bit of them changed', () => {
    for (const [place, byte] of PREPARED.unsigned.entries())
      for (let bit = 0; bit < 8; bit += 1) {
        const changed = PREPARED.unsigned.with(place, byte ^ (1 << bit));
        expect(codeOf(changed), `bit ${String(bit)} of byte ${String(place)}`).not.toBe('ok');
      }
  });

  it.each<[string, Partial<UnsignedTransaction>, string]>([
    ['a high priority', { attributes: [{ type: 'HighPriority' }] }, 'attribute_foreign'],
    [
      'a first block',
      { attributes: [{ type: 'NotValidBefore', height: 101 }] },
      'attribute_foreign',
    ],
    ['a datoshi less of system fee', { systemFee: 99n }, 'fees_differ'],
    ['a datoshi less of network fee', { networkFee: 49n }, 'fees_differ'],
    ['one fee for the other, in the same sum', { systemFee: 101n, networkFee: 49n }, 'fees_differ'],
    ['a block less to be included in', { validUntilBlock: 129 }, 'bytes_differ'],
    [
      'a second user',
      { signers: [...OWN.signers, { account: OTHER, scopes: NO_SCOPES }] },
      'signers_differ',
    ],
    ['no user', { signers: OWN.signers.slice(0, 1) }, 'signers_differ'],
    [
      'another user',
      { signers: [...OWN.signers.slice(0, 1), { account: OTHER, scopes: CALLED_BY_ENTRY }] },
      'signers_differ',
    ],
    [
      'a user who also signs for a contract',
      {
        signers: [
          ...OWN.signers.slice(0, 1),
          { account: USER, scopes: { calledByEntry: true, contracts: [OTHER] } },
        ],
      },
      'signers_differ',
    ],
  ])('are refused with %s', (_what, changes, code) => {
    expect(codeOf(encodeUnsigned({ ...OWN, ...changes }))).toBe(`sponsorships.${code}`);
  });

  it('are refused where the user signs less than was prepared', () => {
    const signers = [...OWN.signers.slice(0, 1), { account: USER, scopes: NO_SCOPES }];
    expect(codeOf(encodeUnsigned({ ...OWN, signers }))).toBe('sponsorships.signers_differ');
  });
});
