/** Bounds of NEF files and manifests, as the chain has them; it refuses a deployment beyond. */
import type { Limit } from '../../limits.ts';

export const LIMITS = {
  nefBytesMax: { value: 131_070, unit: 'bytes', reason: 'MaxItemSize of the VM, which deploys it' },
  nefCompilerBytes: { value: 64, unit: 'bytes', reason: 'NEP-16: a field of this length' },
  nefSourceBytesMax: { value: 256, unit: 'bytes', reason: 'NefFile of neo, pkg/smartcontract/nef' },
  nefTokensMax: { value: 128, unit: 'tokens', reason: 'NefFile of neo' },
  nefTokenMethodBytesMax: { value: 32, unit: 'bytes', reason: 'MethodToken of neo' },
  manifestBytesMax: { value: 65_535, unit: 'bytes', reason: 'ContractManifest.MaxLength of neo' },
  manifestListMax: {
    value: 2048,
    unit: 'items',
    reason: 'the chain keeps a manifest as one item of the VM, which counts every part',
  },
  extendedTypeDepthMax: {
    value: 16,
    unit: 'levels',
    reason: 'no type of a contract nests as deep; named types stand for the rest',
  },
  namedTypeCharsMax: { value: 64, unit: 'characters', reason: 'NEP-25' },
} as const satisfies Record<string, Limit>;
