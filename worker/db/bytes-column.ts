/** Bytes in a table. D1 gives a BLOB as an ArrayBuffer or as numbers, by the way it was asked. */
import { customType } from 'drizzle-orm/sqlite-core';

export const bytes = customType<{
  data: Uint8Array;
  driverData: ArrayBuffer | Uint8Array | number[];
}>({
  dataType: () => 'blob',
  fromDriver: (value) => new Uint8Array(value),
});
