/**
 * The call that updates a contract. ContractManagement.update can be called by the contract alone,
 * so each contract that can be updated has a method of its own for it; the compilers' templates and
 * the ecosystem agree on `update(nef, manifest)` and `update(nef, manifest, data)`. What a contract
 * calls otherwise is invoked like any other method.
 */
import type { ContractParameter } from '../stack-argument.ts';
import { type Abi, type AbiMethod, findMethod } from './abi.ts';
import type { MethodCall } from './method-call.ts';
import type { ValueType } from './parameter-type.ts';

const UPDATE = 'update';

export interface ContractUpdate {
  /** The NEF file; null keeps the code. */
  readonly nef: Uint8Array | null;
  /** As its JSON text; null keeps the manifest. */
  readonly manifestJson: string | null;
  /** For `_deploy`; null where none is given. */
  readonly data: ContractParameter | null;
}

/** Null when the contract has no such method, or none that takes `data` where it is given. */
export function buildUpdateCall(abi: Abi, update: ContractUpdate): MethodCall | null {
  const method = findUpdate(abi, update.data !== null);
  if (method === null) return null;
  const [nef, manifest, data] = method.parameters;
  const args = [
    nef && toBytes(update.nef, nef.type),
    manifest && toText(update.manifestJson, manifest.type),
    data && (update.data ?? NOTHING),
  ].filter((argument) => argument !== undefined);
  return args.includes(null) ? null : { method, args: args.filter((one) => one !== null) };
}

const NOTHING: ContractParameter = { type: 'Any', value: null };

/** Without data the shorter form will do, where the contract has it. */
function findUpdate(abi: Abi, hasData: boolean): AbiMethod | null {
  const whole = findMethod(abi, UPDATE, 3);
  return hasData ? whole : (findMethod(abi, UPDATE, 2) ?? whole);
}

/** Null for a parameter that takes no bytes. */
function toBytes(bytes: Uint8Array | null, type: ValueType): ContractParameter | null {
  if (type !== 'ByteArray' && type !== 'Any') return null;
  return bytes === null ? NOTHING : { type: 'ByteArray', value: bytes };
}

/** The same bytes, whether a compiler calls them text or not. */
function toText(text: string | null, type: ValueType): ContractParameter | null {
  if (type !== 'String' && type !== 'ByteArray' && type !== 'Any') return null;
  return text === null ? NOTHING : { type: 'String', value: text };
}
