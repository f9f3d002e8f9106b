/**
 * Bounds of what the NeoVM hands out: values, logs and their binary form (ExecutionEngineLimits of
 * neo-vm, pkg/vm/stackitem of neo-go).
 */
import type { Limit } from '../../limits.ts';

export const LIMITS = {
  itemDepthMax: {
    value: 512,
    unit: 'levels',
    reason: 'two bytes a level: a notification of at most 1,024 bytes nests no deeper',
  },
  itemsMax: {
    value: 2048,
    unit: 'items',
    reason: 'MaxStackSize of the VM, MaxSerialized of neo-go',
  },
  itemBytesMax: { value: 131_070, unit: 'bytes', reason: 'MaxItemSize of the VM' },
  integerBytesMax: {
    value: 32,
    unit: 'bytes',
    reason: 'integers of the VM are of 256 bits, signed',
  },
  mapKeyBytesMax: { value: 64, unit: 'bytes', reason: 'MaxKeySize of the VM' },
  iteratorIdCharsMax: {
    value: 64,
    unit: 'characters',
    reason: 'a UUID has 36; room for other nodes',
  },
  notificationsPerExecutionMax: {
    value: 131_072,
    unit: 'notifications',
    reason: 'OnPersist burns fees once a transaction, of which a block holds at most 65,535',
  },
  stackDepthMax: { value: 2048, unit: 'items', reason: 'MaxStackSize of the VM' },
  eventNameCharsMax: {
    value: 256,
    unit: 'characters',
    reason: 'the VM refuses more than 32 bytes',
  },
  exceptionCharsMax: {
    value: 262_144,
    unit: 'characters',
    reason: 'the message of a THROW is an item of the VM, quoted by the node',
  },
  executionsMax: { value: 4, unit: 'executions', reason: 'one for every trigger there is' },
} as const satisfies Record<string, Limit>;
