/** How many bytes lengths and what they count take on the wire, without writing them. */

/** The shortest form, which is the only one `ByteWriter` writes. */
function sizeOfVarUint(value: number): number {
  if (value < 0xfd) return 1;
  if (value <= 0xffff) return 3;
  return value <= 0xffff_ffff ? 5 : 9;
}

export const sizeOfVarBytes = (count: number): number => sizeOfVarUint(count) + count;

/** A list with its count in front. */
export function sizeOfList<Item>(items: readonly Item[], sizeOf: (item: Item) => number): number {
  let size = sizeOfVarUint(items.length);
  for (const item of items) size += sizeOf(item);
  return size;
}
