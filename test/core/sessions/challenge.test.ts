/** What a wallet is asked to sign, and where its signature may lead. */
import { describe, expect, it } from 'vitest';
import { parseSignIn } from '../../../worker/core/neo/message/sign-in-text.ts';
import {
  type ChallengePurpose,
  createNonce,
  decideSignIn,
  formatChallenge,
  isOrigin,
  type SignInPlace,
  statementOf,
} from '../../../worker/core/sessions/challenge.ts';

const ACCOUNT = 'acc_01k4j8x1e0e4r9v2m3n5p6q7rs';
const OTHER = 'acc_01k4j8x1e0e4r9v2m3n5p6q7rt';
const WALLET = 'wal_01k4j8x1e0e4r9v2m3n5p6q7rs';
const NEO = 'NMUedC8TSV2rE17wGguSvPk9XcmHSaT275';

const PURPOSES: readonly ChallengePurpose[] = [
  { kind: 'sign-in' },
  { kind: 'verify-wallet', accountId: ACCOUNT, walletId: WALLET },
  { kind: 'verify-wallet', accountId: OTHER, walletId: WALLET },
  {
    kind: 'approve',
    accountId: ACCOUNT,
    walletId: WALLET,
    operation: 'workspaceWallets.setPolicy',
    digest: 'ab'.repeat(32),
    policyRevision: 2 ** 31,
    validUntil: '2026-02-02T02:40:00.000Z',
  },
];

const textOf = (purpose: ChallengePurpose, kind: 'neo' | 'evm' = 'neo'): string =>
  formatChallenge({
    purpose,
    kind,
    address: kind === 'neo' ? NEO : '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed',
    origin: 'https://console.example.com',
    network: kind === 'neo' ? 'neo3:mainnet' : '1',
    nonce: '4503599627370496',
    issuedAtSeconds: 1_770_000_000,
    expiresAtSeconds: 1_770_000_300,
  });

describe('the text of a challenge', () => {
  it('is another for each purpose, account and wallet', () => {
    expect(new Set(PURPOSES.map((purpose) => textOf(purpose))).size).toBe(PURPOSES.length);
  });

  it('is read by whoever reads sign-ins, purpose included', () => {
    for (const purpose of PURPOSES)
      expect(parseSignIn(textOf(purpose))).toMatchObject({
        domain: 'console.example.com',
        statement: statementOf(purpose),
        network: 'neo3:mainnet',
      });
  });

  it('has the form of EIP-4361 for wallets of EVM networks', () => {
    expect(textOf({ kind: 'sign-in' }, 'evm').split('\n')).toEqual([
      'console.example.com wants you to sign in with your Ethereum account:',
      '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed',
      '',
      statementOf({ kind: 'sign-in' }),
      '',
      'URI: https://console.example.com',
      'Version: 1',
      'Chain ID: 1',
      'Nonce: 4503599627370496',
      'Issued At: 2026-02-02T02:40:00Z',
      'Expiration Time: 2026-02-02T02:45:00Z',
    ]);
  });
});

describe('a nonce', () => {
  it.each([
    ['all zero', 0x00, '4503599627370496'],
    ['all one', 0xff, '9007199254740991'],
  ])('has 16 digits and is held by a number: %s', (_, byte, nonce) => {
    expect(createNonce(new Uint8Array(7).fill(byte))).toBe(nonce);
    expect(Number.isSafeInteger(Number(nonce))).toBe(true);
  });
});

describe('an origin', () => {
  it.each([
    ['https://console.example.com', true],
    ['http://127.0.0.1:8787', true],
    ['http://localhost:5173', true],
    ['https://console.example.com/', false],
    ['https://console.example.com/app', false],
    ['http://console.example.com', false],
    ['https://user@console.example.com', false],
    ['https://CONSOLE.example.com', false],
    ['https://console.example.com:443', false],
    ['https://[::1]', false],
    ['console.example.com', false],
    ['*', false],
  ])('%s: %s', (text, expected) => {
    expect(isOrigin(text)).toBe(expected);
  });
});

describe('where a wallet signs in', () => {
  const place: SignInPlace = {
    accountId: ACCOUNT,
    walletId: WALLET,
    accountStatus: 'active',
    forms: ['text'],
  };
  const decide = (changes: Partial<Parameters<typeof decideSignIn>[0]> = {}) => {
    const decided = decideSignIn({
      places: [place],
      accountId: undefined,
      form: 'text',
      opensAccounts: false,
      ...changes,
    });
    return decided.ok ? (decided.value?.accountId ?? 'opens') : decided.failure.code;
  };
  const another = { ...place, accountId: OTHER };
  const deleted = { ...place, accountStatus: 'deleted' } as const;
  const suspended = { ...place, accountStatus: 'suspended' } as const;

  it.each([
    ['the one account it is verified in', {}, ACCOUNT],
    ['the account it names', { places: [place, another], accountId: OTHER }, OTHER],
    ['none of several without a name', { places: [place, another] }, 'sign_in.account_required'],
    ['none that does not know it', { accountId: OTHER }, 'sign_in.wallet_unknown'],
    ['none at all', { places: [] }, 'sign_in.wallet_unknown'],
    ['none that is deleted', { places: [deleted] }, 'sign_in.wallet_unknown'],
    ['the other when one is deleted', { places: [deleted, another] }, OTHER],
    ['none that is suspended', { places: [suspended] }, 'account.suspended'],
    ['an account of its own', { places: [], opensAccounts: true }, 'opens'],
    [
      'no account of its own under the name of another',
      { places: [], accountId: OTHER, opensAccounts: true },
      'sign_in.wallet_unknown',
    ],
    [
      'no account of its own with what binds no domain',
      { places: [], form: 'nep-20-neoline', opensAccounts: true },
      'sign_in.form_refused',
    ],
    ['none that did not ask for the form', { form: 'nep-20' }, 'sign_in.form_refused'],
    [
      'one that did',
      { places: [{ ...place, forms: ['text', 'nep-20'] }], form: 'nep-20' },
      ACCOUNT,
    ],
  ] as const)('%s', (_, changes, expected) => {
    expect(decide(changes)).toBe(expected);
  });
});
