/**
 * Arguments for a method, held against the ABI of its contract: there is a method of that name with
 * that many parameters, and each argument is of the type its parameter declares. The machine checks
 * none of that: it runs a wrong argument as far as it goes. What a manifest declares is the author's
 * word, so a call that passes here may still fault. Every wrong place is named by its pointer.
 */
import { err, type FieldProblem, ok, type Result } from '../../result.ts';
import { CALL_FLAGS } from '../call-flags.ts';
import { parseContractParameters } from '../contract-parameter.ts';
import type { ScriptHash } from '../script-hash.ts';
import type { ContractCall, ContractParameter } from '../stack-argument.ts';
import { type Abi, type AbiMethod, findMethod } from './abi.ts';
import type { Parameter, ValueType } from './parameter-type.ts';

export interface MethodRequest {
  readonly method: string;
  /** Contract parameters as JSON (contract-parameter.ts). */
  readonly args: unknown;
}

export interface MethodCall {
  readonly method: AbiMethod;
  readonly args: readonly ContractParameter[];
}

type ArgumentType = ContractParameter['type'];

/** Types whose values are bytes on the stack: a parameter of bytes takes each of them. */
const BYTES = ['ByteArray', 'String', 'Hash160', 'Hash256', 'PublicKey', 'Signature'] as const;

/** By declared type, the arguments it takes; null stands for all. */
const TAKEN: Readonly<Record<ValueType, readonly ArgumentType[] | null>> = {
  Any: null,
  Boolean: ['Boolean'],
  Integer: ['Integer'],
  ByteArray: BYTES,
  String: ['String'],
  Hash160: ['Hash160'],
  Hash256: ['Hash256'],
  PublicKey: ['PublicKey'],
  Signature: ['Signature'],
  Array: ['Array'],
  Map: ['Map'],
  // A handle of the running machine: no script can push one.
  InteropInterface: [],
};

/** What the machine has no null of. */
const NEVER_NULL: ReadonlySet<ValueType> = new Set(['Boolean', 'Integer']);

/** Called by the chain alone (`_deploy`, `_initialize`). */
const isReserved = (name: string): boolean => name.startsWith('_');

export function parseMethodCall(
  abi: Abi,
  request: MethodRequest,
  pointer = '',
): Result<MethodCall, 'request.malformed'> {
  const named = abi.methods.filter(({ name }) => name === request.method && !isReserved(name));
  if (named.length === 0)
    return malformed([{ pointer: `${pointer}/method`, detail: 'is no method of the contract' }]);
  const args = parseContractParameters(request.args, `${pointer}/args`);
  if (!args.ok) return args;
  const method = findMethod(abi, request.method, args.value.length);
  if (method === null)
    return malformed([{ pointer: `${pointer}/args`, detail: countProblem(named) }]);
  const problems = method.parameters.flatMap((parameter, index) =>
    problemsOf(parameter, args.value[index], `${pointer}/args/${String(index)}`),
  );
  return problems.length === 0 ? ok({ method, args: args.value }) : malformed(problems);
}

function countProblem(methods: readonly AbiMethod[]): string {
  const counts = methods.map(({ parameters }) => parameters.length).toSorted((a, b) => a - b);
  return `must hold ${counts.join(' or ')} arguments`;
}

function problemsOf(
  { type, extendedType }: Parameter,
  argument: ContractParameter | undefined,
  pointer: string,
): readonly FieldProblem[] {
  if (argument === undefined) return [{ pointer, detail: 'is missing' }];
  const taken = TAKEN[type];
  if (taken === null || taken.includes(argument.type)) return [];
  const mayBeNull = !NEVER_NULL.has(type) && extendedType?.forbidNull !== true;
  if (argument.type === 'Any' && mayBeNull) return [];
  const names = [...taken, ...(mayBeNull ? ['Any (null)'] : [])].join(', ');
  return [{ pointer: `${pointer}/type`, detail: `must be one of ${names}` }];
}

/** A safe method gets no right to write; its manifest says that it needs none. */
export const toContractCall = (
  contract: ScriptHash,
  { method, args }: MethodCall,
  result: ContractCall['result'],
): ContractCall => ({
  contract,
  method: method.name,
  args,
  flags: method.safe ? CALL_FLAGS.ReadOnly : CALL_FLAGS.All,
  result,
});

const malformed = (fields: readonly FieldProblem[]) => err('request.malformed', { fields });
