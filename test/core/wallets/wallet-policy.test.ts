/** What a wallet signs by itself, attacked: amounts that look smaller than they are, and scopes. */
import { describe, expect, test } from 'vitest';
import { encodeCalls } from '../../../worker/core/neo/contract-calls.ts';
import { decodeHash256 } from '../../../worker/core/neo/hash256.ts';
import { ScriptBuilder } from '../../../worker/core/neo/script-builder.ts';
import { encodeScriptHash } from '../../../worker/core/neo/script-hash.ts';
import type { StackArgument } from '../../../worker/core/neo/stack-argument.ts';
import type { Attribute } from '../../../worker/core/neo/transaction/attribute.ts';
import type { UnsignedTransaction } from '../../../worker/core/neo/transaction/transaction.ts';
import {
  CALLED_BY_ENTRY,
  NO_SCOPES,
  type WitnessScopes,
} from '../../../worker/core/neo/transaction/witness-scope.ts';
import type { WalletPolicy } from '../../../worker/core/wallets/wallet-policy.ts';
import {
  account,
  callOf,
  DAILY,
  FEES,
  GAME,
  GAS,
  integer,
  judge,
  NEO,
  NOTHING,
  NOW,
  POINTS,
  paying,
  reasonsOf,
  STRANGER,
  STRICT,
  TODAY,
  transferOf,
  WALLET,
  withScopes,
} from './policies-under-test.ts';

const HASH = decodeHash256(new Uint8Array(32).fill(9));
const FEES_SUM = FEES.systemFee + FEES.networkFee;

describe('an amount', () => {
  test('is free up to the last datoshi of the day, and fees are part of it', () => {
    const verdict = judge(paying([transferOf(GAS, 1000n)]));
    expect(verdict).toEqual({
      kind: 'allowed',
      spends: { day: TODAY, amounts: new Map([[GAS, 1000n + FEES_SUM]]) },
    });
    expect(judge(paying([transferOf(GAS, 1001n)]))).toMatchObject({
      kind: 'approvals',
      approvals: 2,
      reasons: [`more than 1030 a day of ${GAS}`],
    });
  });

  test('is refused where the policy asks for no approvals', () => {
    const policy = { ...DAILY, approvals: null };
    expect(judge(paying([transferOf(GAS, 1001n)]), { policy }).kind).toBe('refused');
    expect(judge(paying([transferOf(GAS, 1000n)]), { policy }).kind).toBe('allowed');
  });

  test('is the sum of all transfers of a script', () => {
    const halves = [transferOf(GAS, 500n), transferOf(GAS, 501n)];
    expect(judge(paying(halves)).kind).toBe('approvals');
    expect(judge(paying([transferOf(GAS, 500n), transferOf(GAS, 500n)])).kind).toBe('allowed');
  });

  test('counts what was spent on the same day, and not what was spent the day before', () => {
    const amounts = new Map([[GAS, 1n]]);
    const full = paying([transferOf(GAS, 1000n)]);
    expect(judge(full, { spent: { day: TODAY, amounts } }).kind).toBe('approvals');
    expect(judge(full, { spent: { day: TODAY - 1, amounts } }).kind).toBe('allowed');
  });

  test('has a day of UTC that ends with its last millisecond', () => {
    const spent = { day: TODAY, amounts: new Map([[GAS, 1030n]]) };
    const midnight = NOW + 43_200_000;
    const full = paying([transferOf(GAS, 1000n)]);
    expect(judge(full, { spent, now: midnight - 1 }).kind).toBe('approvals');
    expect(judge(full, { spent, now: midnight })).toMatchObject({
      kind: 'allowed',
      spends: { day: TODAY + 1 },
    });
  });

  test('is not free again for a clock that is behind the one that counted', () => {
    const spent = { day: TODAY + 1, amounts: new Map([[GAS, 1030n]]) };
    expect(judge(paying([]), { spent }).kind).toBe('approvals');
  });

  test('has a limit for each token', () => {
    const calls = [transferOf(GAS, 1000n), transferOf(NEO, 3n)];
    expect(judge(paying(calls)).kind).toBe('allowed');
    expect(reasonsOf(judge(paying([transferOf(NEO, 4n)])))).toEqual([
      `more than 3 a day of ${NEO}`,
    ]);
  });

  test('of a token without a limit of its own is never free, not even nothing of it', () => {
    for (const amount of [0n, 1n])
      expect(reasonsOf(judge(paying([transferOf(POINTS, amount)])))).toEqual([
        `the policy has no amount for ${POINTS}`,
      ]);
  });

  test('is counted for a contract without a limit too, so that tightening finds it', () => {
    const contracts = [{ contract: POINTS, methods: ['transfer'] }];
    const verdict = judge(paying([transferOf(POINTS, 10n ** 30n)]), {
      policy: { ...DAILY, contracts },
    });
    expect(verdict).toMatchObject({
      kind: 'allowed',
      spends: {
        amounts: new Map([
          [GAS, FEES_SUM],
          [POINTS, 10n ** 30n],
        ]),
      },
    });
  });
});

describe('fees', () => {
  test('are an amount of GAS, also when the script moves nothing', () => {
    const spent = { day: TODAY, amounts: new Map([[GAS, 1001n]]) };
    expect(judge(paying([]), { spent }).kind).toBe('approvals');
    expect(judge(paying([]), { policy: { ...STRICT, tokens: [] } }).kind).toBe('approvals');
  });

  test('above a maximum are refused, whoever would approve', () => {
    for (const fee of ['systemFee', 'networkFee'] as const) {
      expect(judge(paying([], { [fee]: 100n })).kind).toBe('allowed');
      expect(judge(paying([], { [fee]: 101n })).kind).toBe('refused');
    }
  });

  test('are the sender’s alone', () => {
    const signers = [
      { account: STRANGER, scopes: NO_SCOPES },
      { account: WALLET, scopes: CALLED_BY_ENTRY },
    ];
    const transaction = paying([transferOf(GAS, 1030n)], { signers, systemFee: 10_000n });
    expect(judge(transaction)).toMatchObject({
      kind: 'allowed',
      spends: { amounts: new Map([[GAS, 1030n]]) },
    });
  });
});

/** Transfers that are not what they look like, each of which the machine may execute. */
const disguised: Readonly<Record<string, readonly StackArgument[]>> = {
  'an amount in bytes, which the machine reads as a number': [
    account(WALLET),
    account(STRANGER),
    { type: 'ByteString', value: Uint8Array.of(0xff, 0xff, 0x7f) },
    NOTHING,
  ],
  'an amount that is true': [
    account(WALLET),
    account(STRANGER),
    { type: 'Boolean', value: true },
    NOTHING,
  ],
  'a negative amount': [account(WALLET), account(STRANGER), integer(-1n), NOTHING],
  'the tokens of somebody else': [account(STRANGER), account(WALLET), integer(1n), NOTHING],
  'no sender': [NOTHING, account(STRANGER), integer(1n), NOTHING],
  'a sender in a structure': [
    { type: 'Struct', value: [account(WALLET)] },
    account(STRANGER),
    integer(1n),
    NOTHING,
  ],
  'a sender with a byte too many': [
    { type: 'ByteString', value: Uint8Array.from([...encodeScriptHash(WALLET), 0]) },
    account(STRANGER),
    integer(1n),
    NOTHING,
  ],
  'no receiver': [account(WALLET), NOTHING, integer(1n), NOTHING],
  'an NFT (NEP-11, of one owner)': [
    account(STRANGER),
    { type: 'ByteString', value: Uint8Array.of(1) },
    NOTHING,
  ],
  'an NFT (NEP-11, divisible)': [
    account(WALLET),
    account(STRANGER),
    integer(1n),
    { type: 'ByteString', value: Uint8Array.of(1) },
    NOTHING,
  ],
  'no data': [account(WALLET), account(STRANGER), integer(1n)],
};

describe('a transfer', () => {
  test.each(Object.entries(disguised))('is not free with %s', (_, args) => {
    expect(judge(paying([callOf(GAS, 'transfer', args)]))).toMatchObject({ kind: 'approvals' });
  });

  test('that is negative does not make room for another', () => {
    const back = callOf(GAS, 'transfer', disguised['a negative amount'] ?? []);
    expect(judge(paying([back, transferOf(GAS, 1001n)])).kind).toBe('approvals');
  });

  test('of the wallet’s tokens counts when somebody else pays the fees', () => {
    const signers = [
      { account: STRANGER, scopes: 'Global' as const },
      { account: WALLET, scopes: CALLED_BY_ENTRY },
    ];
    expect(judge(paying([transferOf(GAS, 1031n)], { signers })).kind).toBe('approvals');
  });

  test('is another method under another name', () => {
    for (const name of ['Transfer', 'transfer ', 'transferFrom'])
      expect(
        judge(paying([{ ...transferOf(GAS, 1n), method: name }])).kind,
        JSON.stringify(name),
      ).toBe('approvals');
  });
});

describe('M20: a script', () => {
  const builder = () => new ScriptBuilder();
  const scripts: Readonly<Record<string, Uint8Array>> = {
    'whose second call is of the contract that the first one answers': builder()
      .call(callOf(GAME, 'target'))
      .pushArray([])
      .pushInteger(15n)
      .pushString('transfer')
      .opcode('ROT')
      .syscall('System.Contract.Call')
      .toBytes(),
    'that computes its amount': builder()
      .pushNull()
      .pushInteger(500n)
      .opcode('INC')
      .pushHash160(STRANGER)
      .pushHash160(WALLET)
      .pushInteger(4n)
      .opcode('PACK')
      .pushInteger(15n)
      .pushString('transfer')
      .pushHash160(GAS)
      .syscall('System.Contract.Call')
      .toBytes(),
    'that jumps': Uint8Array.from([0x22, 0x02, ...encodeCalls([transferOf(GAS, 1n)])]),
    'that goes on after RET': Uint8Array.of(0x40, 0x40),
    'that aborts': Uint8Array.of(0x38),
    'that is no script': Uint8Array.of(0xff),
  };

  test.each(Object.entries(scripts))('is never free %s', (_, script) => {
    const transaction = paying([], { script });
    expect(reasonsOf(judge(transaction))).toEqual([
      'its script is not a sequence of literal calls',
    ]);
    expect(judge(transaction, { policy: { ...DAILY, approvals: null } }).kind).toBe('refused');
  });

  test('may call what the policy has without a limit, and nothing beside it', () => {
    expect(judge(paying([callOf(GAME, 'play', [integer(1n)])])).kind).toBe('allowed');
    expect(reasonsOf(judge(paying([callOf(GAME, 'play'), callOf(POINTS, 'burn')])))).toEqual([
      `the policy does not have "burn" of ${POINTS}`,
    ]);
  });

  test('may call a method that the policy has, and no other of that contract', () => {
    const contracts = [{ contract: NEO, methods: ['vote'] }];
    const policy = { ...DAILY, contracts };
    expect(judge(paying([callOf(NEO, 'vote')]), { policy }).kind).toBe('allowed');
    expect(judge(paying([callOf(NEO, 'registerCandidate')]), { policy }).kind).toBe('approvals');
    expect(judge(paying([transferOf(NEO, 3n)]), { policy }).kind).toBe('allowed');
    expect(judge(paying([transferOf(NEO, 4n)]), { policy }).kind).toBe('approvals');
  });

  test('that does nothing needs no leave, since that is what displaces a transaction', () => {
    expect(judge(withScopes([], NO_SCOPES)).kind).toBe('allowed');
  });

  test('is judged with scope None as with any other: contracts may look at the signers', () => {
    expect(judge(withScopes([callOf(POINTS, 'burn')], NO_SCOPES)).kind).toBe('approvals');
  });
});

describe('a scope', () => {
  const transfer = [transferOf(GAS, 1n)];
  const key = '02a7834be9b32e2981d157cb5bbd3acb42cfd11ea5c3b10224d7a44e98c5910f1b';
  const wide: Readonly<Record<string, WitnessScopes>> = {
    Global: 'Global',
    CustomGroups: { calledByEntry: true, groups: [key as never] },
    WitnessRules: {
      calledByEntry: true,
      rules: [{ action: 'Allow', condition: { type: 'Boolean', expression: true } }],
    },
  };

  test.each(Object.entries(wide))('%s is refused unless the policy has it', (name, scopes) => {
    expect(judge(withScopes(transfer, scopes))).toMatchObject({
      kind: 'refused',
      reasons: [`the policy has no scope ${name}`],
    });
  });

  test.each(Object.entries(wide))('%s is never free, since amounts hide in it', (name, scopes) => {
    const policy = { ...DAILY, scopes: ['CalledByEntry', name] } as WalletPolicy;
    for (const calls of [transfer, [callOf(GAME, 'play')], []])
      expect(judge(withScopes(calls, scopes), { policy }).kind).toBe('approvals');
  });

  test('CustomContracts is refused for a contract that the policy does not name', () => {
    const scopes = { calledByEntry: true, contracts: [GAME, GAS] };
    const policy = { ...DAILY, customContracts: [GAME] };
    expect(reasonsOf(judge(withScopes(transfer, scopes), { policy }))).toEqual([
      `the policy has no scope CustomContracts for ${GAS}`,
    ]);
  });

  test('CustomContracts is free only within contracts that are free in all their methods', () => {
    const scopes = (contract: typeof GAS) => ({ calledByEntry: true, contracts: [contract] });
    const policy = { ...DAILY, customContracts: [GAME, GAS] };
    const play = [callOf(GAME, 'play')];
    expect(judge(withScopes(play, scopes(GAME)), { policy }).kind).toBe('allowed');
    // The attack: the game calls GAS.transfer itself, and no call of the script names the amount.
    expect(judge(withScopes(play, scopes(GAS)), { policy }).kind).toBe('approvals');
    const some = { ...policy, contracts: [{ contract: GAME, methods: ['play'] }] };
    expect(judge(withScopes(play, scopes(GAME)), { policy: some }).kind).toBe('approvals');
  });

  test('CalledByEntry can be withheld too, from a wallet that only pays', () => {
    const policy = { ...DAILY, scopes: [] };
    expect(judge(withScopes([], CALLED_BY_ENTRY), { policy }).kind).toBe('refused');
    expect(judge(withScopes([], NO_SCOPES), { policy }).kind).toBe('allowed');
  });

  test('of another signer is not the wallet’s', () => {
    const signers = [
      { account: WALLET, scopes: CALLED_BY_ENTRY },
      { account: STRANGER, scopes: 'Global' as const },
    ];
    expect(judge(paying(transfer, { signers })).kind).toBe('allowed');
  });
});

describe('signers', () => {
  test('must have the wallet among them', () => {
    const signers = [{ account: STRANGER, scopes: CALLED_BY_ENTRY }];
    expect(reasonsOf(judge(paying([], { signers })))).toEqual([
      'the wallet is not among its signers',
    ]);
  });

  test('cannot hide a wide scope of the wallet behind a narrow one', () => {
    const signers = [
      { account: WALLET, scopes: NO_SCOPES },
      { account: WALLET, scopes: 'Global' as const },
    ];
    expect(judge(paying([transferOf(GAS, 1n)], { signers })).kind).toBe('refused');
  });

  test('and fees that no node would take are refused', () => {
    const wrong: readonly Partial<UnsignedTransaction>[] = [
      { signers: [] },
      { systemFee: -1n },
      { script: new Uint8Array() },
    ];
    for (const changes of wrong) expect(judge(paying([], changes)).kind).toBe('refused');
  });
});

describe('an attribute', () => {
  test('Conflicts may name attempts of the same intent, and no other payment of the wallet', () => {
    const attributes: readonly Attribute[] = [{ type: 'Conflicts', hash: HASH }];
    const transaction = paying([], { attributes });
    expect(judge(transaction)).toMatchObject({
      kind: 'refused',
      reasons: ['it has the attribute Conflicts'],
    });
    expect(judge(transaction, { replaces: [HASH] }).kind).toBe('allowed');
  });

  test('that only delays is free', () => {
    const attributes: readonly Attribute[] = [{ type: 'NotValidBefore', height: 5 }];
    expect(judge(paying([], { attributes })).kind).toBe('allowed');
  });

  test.each([
    { type: 'HighPriority' },
    { type: 'NotaryAssisted', keyCount: 1 },
    { type: 'OracleResponse', id: 1n, code: 'Success', result: new Uint8Array() },
    { type: 'SomeLaterOne' } as unknown as Attribute,
  ] as const)('that nobody needs is refused: $type', (attribute) => {
    expect(judge(paying([], { attributes: [attribute] })).kind).toBe('refused');
  });
});
