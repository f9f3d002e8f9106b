/** Transactions that were signed elsewhere: what is taken for one, once, and that it is followed like ours. */
import { describe, expect, it } from 'vitest';
import { chanceOf } from '../../../scripts/sim/random.ts';
import { senderInMemory } from '../../../scripts/sim/sender-in-memory.ts';
import { hash256Of } from '../../../worker/core/neo/hash256.ts';
import {
  decodePrivateKey,
  publicKeyOf,
  signMessage,
} from '../../../worker/core/neo/private-key.ts';
import { comparePublicKeys } from '../../../worker/core/neo/public-key.ts';
import { scriptHashOf } from '../../../worker/core/neo/script-hash.ts';
import { encodeInvocation } from '../../../worker/core/neo/transaction/signature-witness.ts';
import {
  encodeSigningMessage,
  encodeTransaction,
  encodeUnsigned,
  type Transaction,
  type UnsignedTransaction,
} from '../../../worker/core/neo/transaction/transaction.ts';
import { CALLED_BY_ENTRY } from '../../../worker/core/neo/transaction/witness-scope.ts';
import { encodeMultisigScript } from '../../../worker/core/neo/verification-script.ts';
import { type AdoptCommand, checkAdopt } from '../../../worker/core/neo-sender/adopt.ts';
import { LIMITS } from '../../../worker/core/neo-sender/limits.ts';
import { NOW, STRANGER } from './intents.ts';
import { included, NETWORK } from './sender-rig.ts';

const MAGIC = 56_753;
const KEYS = [1, 2, 3]
  .map((number) => {
    const key = decodePrivateKey(new Uint8Array(32).fill(number));
    if (key === null) throw new Error('a private key');
    return { key, publicKey: publicKeyOf(key) };
  })
  .toSorted((one, other) => comparePublicKeys(one.publicKey, other.publicKey));
const VERIFICATION = (() => {
  const script = encodeMultisigScript({
    threshold: 2,
    publicKeys: KEYS.map(({ publicKey }) => publicKey),
  });
  if (!script.ok) throw new Error(script.failure.code);
  return script.value;
})();
const SENDER = { magic: MAGIC, account: scriptHashOf(VERIFICATION) };

const unsignedOf = (more: Partial<UnsignedTransaction> = {}): UnsignedTransaction => ({
  nonce: 7,
  systemFee: 100n,
  networkFee: 20n,
  validUntilBlock: 120,
  signers: [{ account: SENDER.account, scopes: CALLED_BY_ENTRY }],
  attributes: [],
  script: Uint8Array.of(0x11, 0x40),
  ...more,
});

const signaturesOf = (unsigned: UnsignedTransaction, magic = MAGIC): readonly Uint8Array[] => {
  const message = encodeSigningMessage(magic, hash256Of(encodeUnsigned(unsigned)));
  return KEYS.map(({ key }) => signMessage(message, key));
};

const witnessed = (
  unsigned: UnsignedTransaction,
  signatures: readonly Uint8Array[],
): Transaction => ({
  ...unsigned,
  witnesses: [{ invocation: encodeInvocation(signatures), verification: VERIFICATION }],
});

const signedOf = (more: Partial<UnsignedTransaction> = {}): Uint8Array => {
  const unsigned = unsignedOf(more);
  return encodeTransaction(witnessed(unsigned, signaturesOf(unsigned).slice(0, 2)));
};

const commandOf = (more: Partial<AdoptCommand> = {}): AdoptCommand => ({
  id: 'txn_1',
  purpose: 'test',
  signed: signedOf(),
  preparedHeight: 100,
  ...more,
});

describe('checkAdopt', () => {
  const detailOf = (command: AdoptCommand, sender = SENDER): string | undefined => {
    const checked = checkAdopt(command, sender);
    return checked.ok ? undefined : checked.failure.detail;
  };

  it('M19 takes what the members signed', () => {
    expect(detailOf(commandOf())).toBeUndefined();
  });

  it('M1 refuses the transaction of another account, and of another network', () => {
    const stranger = [{ account: STRANGER, scopes: CALLED_BY_ENTRY }];
    expect(detailOf(commandOf({ signed: signedOf({ signers: stranger }) }))).toContain(
      'first signer',
    );
    // Its own signature is of no use behind somebody else's.
    const second = [...stranger, { account: SENDER.account, scopes: CALLED_BY_ENTRY }];
    const unsigned = unsignedOf({ signers: second });
    const { witnesses } = witnessed(unsigned, signaturesOf(unsigned).slice(0, 2));
    const both = encodeTransaction({ ...unsigned, witnesses: [...witnesses, ...witnesses] });
    expect(detailOf(commandOf({ signed: both }))).toContain('first signer');
    expect(detailOf(commandOf(), { ...SENDER, magic: 860_833_102 })).toContain('witness');
  });

  it('M20 refuses signatures that are not those of its members', () => {
    const unsigned = unsignedOf();
    const [one, two, three] = signaturesOf(unsigned);
    if (!one || !two || !three) throw new Error('three signatures');
    const foreign = signaturesOf(unsignedOf({ nonce: 8 })).slice(0, 2);
    const attacks: readonly (readonly Uint8Array[])[] = [
      [],
      [one],
      [one, one],
      [two, one],
      [one, two, three],
      [one, two.with(63, (two[63] ?? 0) ^ 1)],
      [one, new Uint8Array(64)],
      foreign,
    ];
    for (const signatures of attacks) {
      const signed = encodeTransaction(witnessed(unsigned, signatures));
      expect(detailOf(commandOf({ signed })), `${signatures.length} signatures`).toContain(
        'witness',
      );
    }
  });

  it('refuses malformed bytes: cut, longer, or pushed in another form', () => {
    const whole = signedOf();
    const { witnesses } = witnessed(unsignedOf(), signaturesOf(unsignedOf()).slice(0, 2));
    const [witness] = witnesses;
    if (!witness) throw new Error('a witness');
    // PUSHDATA2 of the same signatures: a node may take it, no wallet writes it.
    const wide = witness.invocation.slice(0, 66);
    const invocation = Uint8Array.of(
      0x0d,
      64,
      0,
      ...wide.slice(2),
      ...witness.invocation.slice(66),
    );
    const attacks = [
      new Uint8Array(),
      whole.slice(0, -1),
      Uint8Array.of(...whole, 0),
      encodeUnsigned(unsignedOf()),
      encodeTransaction({ ...unsignedOf(), witnesses: [{ ...witness, invocation }] }),
      encodeTransaction({
        ...unsignedOf(),
        witnesses: [{ ...witness, verification: new Uint8Array() }],
      }),
    ];
    for (const signed of attacks)
      expect(checkAdopt(commandOf({ signed }), SENDER)).toMatchObject({
        failure: { code: 'sender.intent_invalid' },
      });
  });

  it.each([
    ['no window', { preparedHeight: 120 }],
    ['a window that is over before it begins', { preparedHeight: 121 }],
    ['a height below 0', { preparedHeight: -1 }],
    ['a height that is no number', { preparedHeight: Number.NaN }],
    ['a height between two blocks', { preparedHeight: 100.5 }],
    ['an id of other characters', { id: "x'y" }],
    ['a purpose in capitals', { purpose: 'TEST' }],
  ])('refuses %s', (_name, more) => {
    expect(detailOf(commandOf(more))).toBeDefined();
  });

  it('takes the longest window of the protocol and no block more', () => {
    const validUntilBlock = 100 + LIMITS.senderAdoptedBlocksMax.value;
    expect(detailOf(commandOf({ signed: signedOf({ validUntilBlock }) }))).toBeUndefined();
    const longer = signedOf({ validUntilBlock: validUntilBlock + 1 });
    expect(detailOf(commandOf({ signed: longer }))).toContain('window');
  });

  it('refuses fees beyond what the store holds exactly', () => {
    expect(detailOf(commandOf({ signed: signedOf({ systemFee: 2n ** 60n }) }))).toContain(
      'system fee',
    );
    expect(detailOf(commandOf({ signed: signedOf({ networkFee: 2n ** 60n }) }))).toContain(
      'network fee',
    );
  });
});

describe('an adopted transaction', () => {
  function rig() {
    const clock = { now: NOW };
    const sender = senderInMemory(() => clock.now, chanceOf(1));
    const adopt = (more: Partial<AdoptCommand> = {}) =>
      sender.adopt({ sender: SENDER, network: NETWORK, command: commandOf(more) });
    return { clock, sender, adopt };
  }

  it('M4 is live at once, with the bytes that were signed, and is broadcast as they are', async () => {
    const { adopt, sender } = rig();
    expect(await adopt()).toEqual({
      ok: true,
      value: { id: 'txn_1', state: 'live', isRepeat: false },
    });
    const { steps } = await sender.ring();
    expect(steps).toEqual([
      expect.objectContaining({ kind: 'broadcast', attempt: 1, signed: signedOf() }),
    ]);
    const hash = hash256Of(encodeUnsigned(unsignedOf()));
    expect(await sender.rows('SELECT hash, valid_until_block FROM attempts')).toEqual([
      { hash, valid_until_block: 120 },
    ]);
  });

  it('is one, however often it comes, and a conflict with other bytes', async () => {
    const { adopt, sender } = rig();
    await adopt();
    expect(await adopt()).toMatchObject({ value: { state: 'live', isRepeat: true } });
    expect(await adopt({ preparedHeight: 90 })).toMatchObject({ value: { isRepeat: true } });
    const conflict = { failure: { code: 'sender.intent_conflict' } };
    expect(await adopt({ signed: signedOf({ nonce: 8 }) })).toMatchObject(conflict);
    expect(await adopt({ purpose: 'other' })).toMatchObject(conflict);
    // Other members signed the same transaction: it is stored once, with the bytes that came first.
    const [, two, three] = signaturesOf(unsignedOf());
    if (!two || !three) throw new Error('three signatures');
    const others = encodeTransaction(witnessed(unsignedOf(), [two, three]));
    expect(await adopt({ signed: others })).toMatchObject(conflict);
    expect(await adopt({ id: 'txn_2', signed: others })).toMatchObject(conflict);
    expect(await sender.rows('SELECT id FROM intents')).toEqual([{ id: 'txn_1' }]);
  });

  it('is replaced by nobody here, and cancelled by nobody', async () => {
    const { adopt, sender } = rig();
    await adopt();
    for (const kind of ['replacement', 'cancel'] as const) {
      const command = { id: 'txn_1', attempt: 2, kind, networkFeeMax: 500n };
      expect(await sender.replace({ command, leave: null })).toMatchObject({
        failure: { code: 'sender.not_replaceable', detail: 'signed elsewhere' },
      });
    }
    expect(await sender.rows('SELECT number FROM attempts')).toEqual([{ number: 1 }]);
  });

  it('M5 ends by votes of blocks after its height, and takes nothing from a day', async () => {
    const { adopt, clock, sender } = rig();
    await adopt();
    const look = async (blockIndex: number) => {
      clock.now += 15_000;
      const { steps } = await sender.ring();
      const step = steps.find(({ kind }) => kind === 'observe');
      if (step === undefined) throw new Error('nothing is looked for');
      const seen = ['a', 'b'].map((endpoint) => ({
        endpoint,
        attempt: 1,
        sighting: included(blockIndex),
      }));
      await sender.report({
        intentId: 'txn_1',
        attempt: null,
        leaseNumber: step.leaseNumber,
        outcome: { kind: 'observed', heights: [{ endpoint: 'a', height: 115 }], sightings: seen },
      });
      const [row] = await sender.rows('SELECT state FROM intents');
      return row?.state;
    };
    // No chain can have it in a block that was there before it was made.
    expect(await look(100)).toBe('live');
    expect(await look(101)).toBe('confirmed');
    expect(await sender.rows('SELECT * FROM spent_days')).toEqual([]);
    expect(await adopt()).toMatchObject({ value: { state: 'confirmed', isRepeat: true } });
    expect(await sender.listEvents()).toMatchObject([{ type: 'transaction.confirmed' }]);
  });

  it('M7 lasts no longer than its window and an hour, twice, before a person is asked', async () => {
    const { adopt, clock, sender } = rig();
    const validUntilBlock = 100 + LIMITS.senderAdoptedBlocksMax.value;
    await adopt({ signed: signedOf({ validUntilBlock }) });
    clock.now += 50 * 3_600_000;
    await sender.ring();
    expect(await sender.rows('SELECT state, reason FROM intents')).toEqual([
      { state: 'disputed', reason: 'unresolved' },
    ]);
  });
});
