/** M21: which scripts are paid for. Each row breaks one rule alone. */
import { describe, expect, it } from 'vitest';
import { CALL_FLAGS } from '../../../worker/core/neo/call-flags.ts';
import { encodeCalls } from '../../../worker/core/neo/contract-calls.ts';
import { OPCODES } from '../../../worker/core/neo/opcode.ts';
import { ScriptBuilder } from '../../../worker/core/neo/script-builder.ts';
import type { ContractCall } from '../../../worker/core/neo/stack-argument.ts';
import { CALLED_BY_ENTRY, NO_SCOPES } from '../../../worker/core/neo/transaction/witness-scope.ts';
import { LIMITS } from '../../../worker/core/sponsorships/limits.ts';
import {
  checkSponsoredScript,
  checkUserScopes,
  withTransfersAsserted,
} from '../../../worker/core/sponsorships/script.ts';
import { GAME, OTHER, termsOf, USER } from './terms.ts';

const { contracts } = termsOf();

const call = (fields: Partial<ContractCall> = {}): ContractCall => ({
  contract: GAME,
  method: 'play',
  args: [{ type: 'Integer', value: 7n }],
  flags: CALL_FLAGS.All,
  result: 'dropped',
  ...fields,
});
const transfer = (fields: Partial<ContractCall> = {}): ContractCall =>
  call({
    method: 'transfer',
    args: [
      { type: 'Hash160', value: USER },
      { type: 'Hash160', value: OTHER },
      { type: 'Integer', value: 1n },
      { type: 'Any', value: null },
    ],
    result: 'kept',
    ...fields,
  });

const codeOf = (script: Uint8Array): string => {
  const checked = checkSponsoredScript(script, contracts);
  return checked.ok ? 'ok' : checked.failure.code;
};

/** The call `inner` answers what the outer one takes for its contract. */
function targetByAnswer(): Uint8Array {
  const outer = new ScriptBuilder().pushArray([]).pushInteger(15n).pushString('play');
  const inner = new ScriptBuilder().call(call({ result: 'kept' }));
  const last = new ScriptBuilder().syscall('System.Contract.Call');
  return Uint8Array.of(...outer.toBytes(), ...inner.toBytes(), ...last.toBytes());
}

/** 5 as PUSHINT8, where PUSH5 is its one form. */
function widerInteger(): Uint8Array {
  const builder = new ScriptBuilder().pushArray([]);
  builder.opcode('PUSHINT8', Uint8Array.of(5)).pushString('play').pushHash160(GAME);
  return builder.syscall('System.Contract.Call').toBytes();
}

const methodByAnswer = (): Uint8Array => {
  const first = new ScriptBuilder().pushArray([]).pushInteger(15n);
  const inner = new ScriptBuilder().call(call({ result: 'kept' }));
  const last = new ScriptBuilder().pushHash160(GAME).syscall('System.Contract.Call');
  return Uint8Array.of(...first.toBytes(), ...inner.toBytes(), ...last.toBytes());
};

const beside = (name: 'NOP' | 'RET' | 'ABORT'): Uint8Array =>
  Uint8Array.of(...encodeCalls([call()]), OPCODES[name]);

describe('M21: a sponsored script', () => {
  it.each([
    ['calls that the policy names', () => encodeCalls([call(), transfer()]), 'ok'],
    ['the most calls', () => encodeCalls(many(LIMITS.sponsoredCallsMax.value)), 'ok'],
    ['nothing', () => new Uint8Array(), 'sponsorships.script_not_canonical'],
    ['a target that a call answered', targetByAnswer, 'sponsorships.script_not_canonical'],
    ['a method that a call answered', methodByAnswer, 'sponsorships.script_not_canonical'],
    ['an integer in a wider form', widerInteger, 'sponsorships.script_not_canonical'],
    ['an instruction beside', () => beside('NOP'), 'sponsorships.script_not_canonical'],
    ['a return beside', () => beside('RET'), 'sponsorships.script_not_canonical'],
    ['an abort beside', () => beside('ABORT'), 'sponsorships.script_not_canonical'],
    ['one call more', () => encodeCalls(many(9)), 'sponsorships.too_many_calls'],
    [
      'another contract behind an allowed one',
      () => encodeCalls([call(), call({ contract: OTHER })]),
      'sponsorships.call_not_allowed',
    ],
    [
      'another method of an allowed one',
      () => encodeCalls([call({ method: 'Play' })]),
      'sponsorships.call_not_allowed',
    ],
  ])('%s', (_what, scriptOf, code) => {
    expect(codeOf(scriptOf())).toBe(code);
  });

  it('names the first call that is not allowed', () => {
    const script = encodeCalls([call(), call({ method: 'burn' })]);
    const checked = checkSponsoredScript(script, contracts);
    expect(!checked.ok && checked.failure.detail).toBe(`"burn" of ${GAME}`);
  });
});

const many = (count: number) => Array.from({ length: count }, () => call());

describe('M21: a transfer that answers false', () => {
  const assertedOf = (calls: readonly ContractCall[]) => {
    const checked = checkSponsoredScript(encodeCalls(calls), contracts);
    return checked.ok ? withTransfersAsserted(checked.value) : undefined;
  };

  it.each(['kept', 'dropped'] as const)('is asserted where its answer is %s', (result) => {
    expect(assertedOf([call(), transfer({ result })])).toEqual(
      encodeCalls([call(), transfer({ result: 'asserted' })]),
    );
  });

  it('is left alone where it is asserted, and so are calls that are no transfer', () => {
    expect(assertedOf([call(), transfer({ result: 'asserted' })])).toBeNull();
    expect(assertedOf([transfer({ args: [] })])).toBeNull();
  });
});

describe('the scope of the user', () => {
  it.each([
    ['in the entry script', CALLED_BY_ENTRY, null],
    ['nowhere', NO_SCOPES, null],
    ['in a contract of the policy', { calledByEntry: true, contracts: [GAME] }, null],
    ['everywhere', 'Global', 'sponsorships.user_scope_global'],
    [
      'in another contract',
      { calledByEntry: true, contracts: [GAME, OTHER] },
      'sponsorships.user_scope_not_allowed',
    ],
    ['in groups', { calledByEntry: true, groups: [] }, 'sponsorships.user_scope_not_allowed'],
    ['by rules', { calledByEntry: true, rules: [] }, 'sponsorships.user_scope_not_allowed'],
  ] as const)('%s', (_what, scopes, code) => {
    const checked = checkUserScopes(scopes, contracts);
    expect(checked.ok ? null : checked.failure.code).toBe(code);
  });
});
