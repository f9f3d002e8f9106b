/**
 * The calls from a script into the node, by name, and the four bytes that stand for each in a
 * script: the first of the SHA-256 of the name, in that order. The table spares every start of a
 * Worker the hashes; a test computes it again. A node accepts an identifier it does not know and
 * faults, at the sender's cost, so nothing outside this table is ever written.
 */

import { assert } from '../assert.ts';
import { parseHex } from './hex.ts';

export const SYSCALLS = {
  'System.Contract.Call': '627d5b52',
  'System.Contract.CallNative': '1af77b67',
  'System.Contract.GetCallFlags': '95da3a81',
  'System.Contract.CreateStandardAccount': 'cf998702',
  'System.Contract.CreateMultisigAccount': '6a33e909',
  'System.Contract.NativeOnPersist': '2edbbc93',
  'System.Contract.NativePostPersist': '44a15d16',
  'System.Crypto.CheckSig': '56e7b327',
  'System.Crypto.CheckMultisig': '9ed0dc3a',
  'System.Iterator.Next': '9c08ed9c',
  'System.Iterator.Value': 'f354bf1d',
  'System.Runtime.Platform': 'b279fcf6',
  'System.Runtime.GetNetwork': 'c5fba0e0',
  'System.Runtime.GetAddressVersion': '4c4992dc',
  'System.Runtime.GetTrigger': 'e97d38a0',
  'System.Runtime.GetTime': 'b7c38803',
  'System.Runtime.GetScriptContainer': '2d510830',
  'System.Runtime.GetExecutingScriptHash': 'dbfea874',
  'System.Runtime.GetCallingScriptHash': '39536e3c',
  'System.Runtime.GetEntryScriptHash': 'f9b4e238',
  'System.Runtime.LoadScript': 'b30c808f',
  'System.Runtime.CheckWitness': 'f827ec8c',
  'System.Runtime.GetInvocationCounter': '84271143',
  'System.Runtime.GetRandom': '6bdea928',
  'System.Runtime.Log': 'cfe74796',
  'System.Runtime.Notify': '95016f61',
  'System.Runtime.GetNotifications': '274335f1',
  'System.Runtime.GasLeft': '1488d8ce',
  'System.Runtime.BurnGas': 'c35a8cbc',
  'System.Runtime.CurrentSigners': 'acf1188b',
  'System.Storage.GetContext': '9bf667ce',
  'System.Storage.GetReadOnlyContext': 'f6b46be2',
  'System.Storage.AsReadOnly': '764cbfe9',
  'System.Storage.Get': '925de831',
  'System.Storage.Find': 'df30b89a',
  'System.Storage.Put': 'e63f1884',
  'System.Storage.Delete': '2f58c5ed',
  'System.Storage.Local.Get': 'd58d5ee8',
  'System.Storage.Local.Find': '077652f3',
  'System.Storage.Local.Put': '390ce30a',
  'System.Storage.Local.Delete': '7554f594',
} as const;

export type SyscallName = keyof typeof SYSCALLS;

const SYSCALL_BYTES = 4;

const BYTES = new Map(
  // The keys of a literal that nothing is added to.
  (Object.keys(SYSCALLS) as SyscallName[]).map((name) => {
    const bytes = parseHex(SYSCALLS[name]);
    assert(bytes?.length === SYSCALL_BYTES, 'an identifier of four bytes');
    return [name, bytes];
  }),
);

/** As in a script; not to be written to. */
export function encodeSyscall(name: SyscallName): Uint8Array {
  const bytes = BYTES.get(name);
  assert(bytes, 'a call of the table');
  return bytes;
}
