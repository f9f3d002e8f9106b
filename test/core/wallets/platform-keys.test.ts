/** M20: what the keys of the platform sign, attacked one sentence at a time. */
import { describe, expect, test } from 'vitest';
import { CALL_FLAGS } from '../../../worker/core/neo/call-flags.ts';
import { encodeCalls } from '../../../worker/core/neo/contract-calls.ts';
import { decodeHash256 } from '../../../worker/core/neo/hash256.ts';
import { decodeScriptHash, type ScriptHash } from '../../../worker/core/neo/script-hash.ts';
import type { ContractCall } from '../../../worker/core/neo/stack-argument.ts';
import type { UnsignedTransaction } from '../../../worker/core/neo/transaction/transaction.ts';
import type { WitnessCondition } from '../../../worker/core/neo/transaction/witness-rule.ts';
import {
  CALLED_BY_ENTRY,
  NO_SCOPES,
  type WitnessScopes,
} from '../../../worker/core/neo/transaction/witness-scope.ts';
import { encodeAnchorScript } from '../../../worker/core/proofs/anchor.ts';
import { LIMITS } from '../../../worker/core/wallets/limits.ts';
import {
  operatorScopes,
  refusalOfAnchor,
  refusalOfOperator,
  refusalOfSponsor,
} from '../../../worker/core/wallets/platform-keys.ts';

const hash = (byte: number): ScriptHash => decodeScriptHash(new Uint8Array(20).fill(byte));
const WALLET = hash(1);
const USER = hash(2);
const VAULT = hash(3);
const OTHER = hash(4);
const SOMETHING = decodeHash256(new Uint8Array(32).fill(9));

const payment = (changes: Partial<ContractCall> = {}): ContractCall => ({
  contract: VAULT,
  method: 'release',
  args: [
    { type: 'ByteArray', value: new Uint8Array(32).fill(7) },
    { type: 'Hash160', value: USER },
    { type: 'Integer', value: 5n },
  ],
  flags: CALL_FLAGS.All,
  result: 'kept',
  ...changes,
});

const plain = {
  nonce: 7,
  systemFee: 30_000_000n,
  networkFee: 200_000n,
  validUntilBlock: 100,
  attributes: [],
  script: encodeCalls([payment()]),
} as const;

describe('M20: the key of a sponsor', () => {
  const sponsored = (changes: Partial<UnsignedTransaction> = {}): UnsignedTransaction => ({
    ...plain,
    signers: [
      { account: WALLET, scopes: NO_SCOPES },
      { account: USER, scopes: CALLED_BY_ENTRY },
    ],
    ...changes,
  });
  const withScopes = (scopes: WitnessScopes) =>
    sponsored({
      signers: [
        { account: WALLET, scopes },
        { account: USER, scopes: CALLED_BY_ENTRY },
      ],
    });

  test('signs as the first signer with the scope None', () => {
    expect(refusalOfSponsor(WALLET, sponsored())).toBeNull();
  });

  test.each<[string, WitnessScopes]>([
    ['CalledByEntry', CALLED_BY_ENTRY],
    ['Global', 'Global'],
    ['CustomContracts', { calledByEntry: false, contracts: [VAULT] }],
    ['CustomContracts without any', { calledByEntry: false, contracts: [] }],
    ['CustomGroups without any', { calledByEntry: false, groups: [] }],
    ['WitnessRules without any', { calledByEntry: false, rules: [] }],
    ['WitnessRules', operatorScopes(VAULT)],
  ])('signs nothing where its scope is %s', (_name, scopes) => {
    expect(refusalOfSponsor(WALLET, withScopes(scopes))).toBe(
      'the sponsor has a scope other than None',
    );
  });

  test('signs nothing where another one pays', () => {
    const signers = [
      { account: USER, scopes: CALLED_BY_ENTRY },
      { account: WALLET, scopes: NO_SCOPES },
    ];
    expect(refusalOfSponsor(WALLET, sponsored({ signers }))).toBe(
      'the sponsor is not its first signer',
    );
    expect(refusalOfSponsor(WALLET, sponsored({ signers: [] }))).not.toBeNull();
  });

  test('signs nothing where it stands a second time, with a scope', () => {
    const signers = [
      { account: WALLET, scopes: NO_SCOPES },
      { account: WALLET, scopes: CALLED_BY_ENTRY },
    ];
    expect(refusalOfSponsor(WALLET, sponsored({ signers }))).toBe('the sponsor stands twice');
  });

  test('burns no fees for itself alone', () => {
    const signers = [{ account: WALLET, scopes: NO_SCOPES }];
    expect(refusalOfSponsor(WALLET, sponsored({ signers }))).toBe('it sponsors nobody');
  });

  test('signs no attribute: Conflicts would void what it sponsors for another', () => {
    for (const attribute of [
      { type: 'Conflicts', hash: SOMETHING },
      { type: 'NotValidBefore', height: 5 },
      { type: 'HighPriority' },
    ] as const)
      expect(refusalOfSponsor(WALLET, sponsored({ attributes: [attribute] }))).toBe(
        'it has an attribute',
      );
  });
});

describe('M20: the key of an operator', () => {
  const paying = (
    calls: readonly ContractCall[] = [payment()],
    changes: Partial<UnsignedTransaction> = {},
  ): UnsignedTransaction => ({
    ...plain,
    signers: [{ account: WALLET, scopes: operatorScopes(VAULT) }],
    script: encodeCalls(calls),
    ...changes,
  });
  const withScopes = (scopes: WitnessScopes) =>
    paying(undefined, { signers: [{ account: WALLET, scopes }] });
  const withCondition = (condition: WitnessCondition) =>
    withScopes({ calledByEntry: false, rules: [{ action: 'Allow', condition }] });
  const entry: WitnessCondition = { type: 'CalledByEntry' };
  const inVault: WitnessCondition = { type: 'ScriptHash', hash: VAULT };

  test('signs one payment of the vault under the rule of M13', () => {
    expect(refusalOfOperator(WALLET, paying())).toBeNull();
    expect(refusalOfOperator(WALLET, paying([payment({ method: 'refill' })]))).toBeNull();
  });

  test('signs a replacement of its payment with a higher fee', () => {
    const attributes = [{ type: 'Conflicts', hash: SOMETHING }] as const;
    expect(refusalOfOperator(WALLET, paying(undefined, { attributes }))).toBeNull();
  });

  test.each<[string, UnsignedTransaction]>([
    ['Global', withScopes('Global')],
    ['None', withScopes(NO_SCOPES)],
    ['CalledByEntry', withScopes(CALLED_BY_ENTRY)],
    ['CustomContracts of the vault', withScopes({ calledByEntry: false, contracts: [VAULT] })],
    ['the rule beside CalledByEntry', withScopes({ ...rulesOf(VAULT), calledByEntry: true })],
    ['the rule beside a contract', withScopes({ ...rulesOf(VAULT), contracts: [OTHER] })],
    ['the rule beside no group', withScopes({ ...rulesOf(VAULT), groups: [] })],
    ['the rule of another contract', withScopes(operatorScopes(OTHER))],
    ['no rule', withScopes({ calledByEntry: false, rules: [] })],
    ['the rule twice', withScopes(twice())],
    ['a bare ScriptHash', withCondition(inVault)],
    ['a bare CalledByEntry', withCondition(entry)],
    ['true', withCondition({ type: 'Boolean', expression: true })],
    ['Or for And', withCondition({ type: 'Or', expressions: [entry, inVault] })],
    ['And of one', withCondition({ type: 'And', expressions: [inVault] })],
    ['And of three', withCondition({ type: 'And', expressions: [entry, inVault, inVault] })],
    [
      'CalledByContract for ScriptHash',
      withCondition({
        type: 'And',
        expressions: [entry, { type: 'CalledByContract', hash: VAULT }],
      }),
    ],
    ['Deny', withScopes(denying())],
  ])('signs nothing where its witness counts by %s', (_name, transaction) => {
    expect(refusalOfOperator(WALLET, transaction)).toBe(
      'the witness counts elsewhere than in the call of the vault',
    );
  });

  test('signs no two payments, and none of another contract between', () => {
    for (const calls of [
      [payment(), payment()],
      [payment(), payment({ contract: OTHER })],
      [payment({ contract: OTHER, method: 'transfer' }), payment()],
    ])
      expect(refusalOfOperator(WALLET, paying(calls))).toBe('its script is not one literal call');
  });

  test('signs no script that is more than it looks, and no empty one', () => {
    const whole = paying().script;
    for (const script of [
      Uint8Array.of(0x40),
      Uint8Array.from([...whole, 0x40]),
      Uint8Array.from([0x21, ...whole]),
      whole.slice(0, -1),
    ])
      expect(refusalOfOperator(WALLET, paying(undefined, { script }))).toBe(
        'its script is not one literal call',
      );
  });

  test('signs no other method of the vault, were it the owner’s or GAS', () => {
    for (const method of ['setOperator', 'transfer', 'Release', 'release2', ''])
      expect(refusalOfOperator(WALLET, paying([payment({ method })]))).toBe(
        'it calls neither release nor refill of a vault',
      );
    const args = payment().args.slice(1);
    expect(refusalOfOperator(WALLET, paying([payment({ args })]))).not.toBeNull();
  });

  test('signs nothing that another signs as well, nor what is not its own', () => {
    const own = { account: WALLET, scopes: operatorScopes(VAULT) };
    const other = { account: USER, scopes: CALLED_BY_ENTRY };
    for (const signers of [[own, other], [other, own], [other], []])
      expect(refusalOfOperator(WALLET, paying(undefined, { signers }))).toBe(
        'the operator is not its only signer',
      );
  });

  test('signs no attribute but a replacement’s', () => {
    const attributes = [{ type: 'HighPriority' }] as const;
    expect(refusalOfOperator(WALLET, paying(undefined, { attributes }))).toBe(
      'it has another attribute',
    );
  });

  test('M14: signs no fee above its maximum, of either kind', () => {
    const systemFee = BigInt(LIMITS.operatorSystemFeeMax.value);
    const networkFee = BigInt(LIMITS.operatorNetworkFeeMax.value);
    const judge = (fees: Partial<UnsignedTransaction>) =>
      refusalOfOperator(WALLET, paying(undefined, fees));
    expect(judge({ systemFee, networkFee })).toBeNull();
    expect(judge({ systemFee: systemFee + 1n })).toBe('its system fee is above the maximum');
    expect(judge({ networkFee: networkFee + 1n })).toBe('its network fee is above the maximum');
  });
});

describe('M12 M20: the key of an anchor wallet', () => {
  const NETWORK = 56_753;
  const record = { magic: NETWORK, height: 7, root: '5e'.repeat(32), sum: 12n };
  const anchoring = (changes: Partial<UnsignedTransaction> = {}): UnsignedTransaction => ({
    ...plain,
    systemFee: 300n,
    signers: [{ account: WALLET, scopes: NO_SCOPES }],
    script: encodeAnchorScript(record),
    ...changes,
  });
  const judge = (changes: Partial<UnsignedTransaction> = {}) =>
    refusalOfAnchor({ account: WALLET, network: NETWORK }, anchoring(changes));
  const NO_RECORD = 'its script is not one record that is pushed and dropped';

  test('signs one record of its network, alone and with the scope None', () => {
    expect(judge()).toBeNull();
  });

  test.each<[string, WitnessScopes]>([
    ['CalledByEntry', CALLED_BY_ENTRY],
    ['Global', 'Global'],
    ['CustomContracts', { calledByEntry: false, contracts: [VAULT] }],
    ['CustomGroups without any', { calledByEntry: false, groups: [] }],
    ['WitnessRules', operatorScopes(VAULT)],
  ])('signs nothing where its scope is %s', (_name, scopes) => {
    expect(judge({ signers: [{ account: WALLET, scopes }] })).toBe(
      'the anchor wallet has a scope other than None',
    );
  });

  test('signs nothing that another signs as well, nor what is not its own', () => {
    const own = { account: WALLET, scopes: NO_SCOPES };
    const other = { account: USER, scopes: CALLED_BY_ENTRY };
    for (const signers of [[own, other], [other, own], [other], []])
      expect(judge({ signers })).toBe('the anchor wallet is not its only signer');
  });

  test('signs no attribute: Conflicts would void another anchor', () => {
    for (const attribute of [
      { type: 'Conflicts', hash: SOMETHING },
      { type: 'NotValidBefore', height: 5 },
      { type: 'HighPriority' },
    ] as const)
      expect(judge({ attributes: [attribute] })).toBe('it has an attribute');
  });

  test('signs no call, with or without a record, and no payment of its own GAS', () => {
    const script = anchoring().script;
    for (const other of [
      encodeCalls([payment()]),
      encodeCalls([payment({ contract: OTHER, method: 'transfer' })]),
      Uint8Array.from([...script, ...encodeCalls([payment()])]),
      Uint8Array.from([...encodeCalls([payment()]), ...script]),
      Uint8Array.from([...script, ...script]),
    ])
      expect(judge({ script: other })).toBe(NO_RECORD);
  });

  test('signs no script that is more or less than the push and the DROP', () => {
    const { script } = anchoring();
    for (const other of [
      Uint8Array.of(0x40),
      script.slice(0, -1),
      // RET, THROW and ABORT for DROP; NOP around it.
      ...[0x40, 0x3a, 0x38].map((last) => Uint8Array.from([...script.slice(0, -1), last])),
      Uint8Array.from([0x21, ...script]),
      Uint8Array.from([...script, 0x21]),
      // The same bytes by PUSHDATA2.
      Uint8Array.from([0x0d, script[1] ?? 0, 0, ...script.slice(2)]),
      // Another label of the same length.
      Uint8Array.from([...script.slice(0, 2), 0x4e, ...script.slice(3)]),
    ])
      expect(judge({ script: other })).toBe(NO_RECORD);
  });

  test('M1: signs no record of another network', () => {
    expect(judge({ script: encodeAnchorScript({ ...record, magic: 860_833_102 }) })).toBe(
      'its record is of another network',
    );
  });

  test('burns no more than its maximum, of either fee', () => {
    const systemFee = BigInt(LIMITS.anchorSystemFeeMax.value);
    const networkFee = BigInt(LIMITS.anchorNetworkFeeMax.value);
    expect(judge({ systemFee, networkFee })).toBeNull();
    expect(judge({ systemFee: systemFee + 1n })).toBe('its system fee is above the maximum');
    expect(judge({ networkFee: networkFee + 1n })).toBe('its network fee is above the maximum');
  });
});

function rulesOf(vault: ScriptHash) {
  const scopes = operatorScopes(vault);
  return scopes === 'Global' ? NO_SCOPES : scopes;
}

function twice(): WitnessScopes {
  const { rules = [] } = rulesOf(VAULT);
  return { calledByEntry: false, rules: [...rules, ...rules] };
}

function denying(): WitnessScopes {
  const { rules = [] } = rulesOf(VAULT);
  return { calledByEntry: false, rules: rules.map((rule) => ({ ...rule, action: 'Deny' })) };
}
