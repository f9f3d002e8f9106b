/**
 * What a called contract may do (`CallFlags`): read and write its storage, call on, notify. A call
 * never has more rights than its caller gives. As text they stand in manifests and method tokens,
 * in the words of neo-go and of the C# node: one name, or single names joined by a comma.
 */
export const CALL_FLAGS = {
  None: 0,
  ReadStates: 1,
  WriteStates: 2,
  AllowCall: 4,
  AllowNotify: 8,
  States: 3,
  ReadOnly: 5,
  All: 15,
} as const;

/** The names that may be joined, the wide ones first, as nodes write them. */
const PARTS = [
  'ReadOnly',
  'States',
  'ReadStates',
  'WriteStates',
  'AllowCall',
  'AllowNotify',
] as const;

export const isCallFlags = (value: number): boolean =>
  Number.isInteger(value) && value >= CALL_FLAGS.None && value <= CALL_FLAGS.All;

/** Null for a name that is not one of these; `None` and `All` stand alone. */
export function parseCallFlags(text: string): number | null {
  if (text === 'None' || text === 'All') return CALL_FLAGS[text];
  let flags = 0;
  for (const part of text.split(',')) {
    const name = PARTS.find((candidate) => candidate === part.trim());
    if (name === undefined) return null;
    flags |= CALL_FLAGS[name];
  }
  return flags;
}

export function formatCallFlags(flags: number): string {
  for (const name of ['None', 'All'] as const) if (flags === CALL_FLAGS[name]) return name;
  const names: string[] = [];
  let left = flags;
  for (const name of PARTS) {
    if ((left & CALL_FLAGS[name]) !== CALL_FLAGS[name]) continue;
    names.push(name);
    left &= ~CALL_FLAGS[name];
  }
  return names.join(', ');
}
