/**
 * A runtime: the metered WASM with the prelude that runs in it before user code, and the options
 * both need. Its version is the hash of all of these and of the host's own number, so equal
 * versions give equal runs.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';

export interface VmOptions {
  /** QuickJS intrinsics; bit 10, `performance`, is off: it would be a second clock. */
  readonly intrinsics: number;
  /** Bounds QuickJS's own stack; user code can catch its overflow. About 250 nested plain calls. */
  readonly stackBytes: number;
  readonly memoryPagesMax: number;
  /**
   * How deep calls nest before the WASM itself traps, in slots of its frames (meter-function.ts).
   * Measured over forty kinds of recursion and both compiler tiers, a slot takes 4.8 to 9.3 bytes
   * of V8's stack: this many take at most 600 KB of its 984.
   */
  readonly stackSlotsMax: number;
}

export const VM_OPTIONS: VmOptions = {
  intrinsics: 0b1_1011_1111_1111,
  stackBytes: 64 * 1024,
  memoryPagesMax: 512,
  stackSlotsMax: 64_000,
};

/** Everything of a runtime but the WASM: what `runtime.json` beside the WASM holds. */
export interface RuntimeText {
  readonly runtimeVersion: string;
  readonly hostVersion: number;
  readonly vmOptions: VmOptions;
  /** Evaluates to a function that takes the host's door and gives the guest's. */
  readonly prelude: string;
  /** What `import '@neo-service-layer/devpack'` loads. */
  readonly devpackModule: string;
}

export interface Runtime extends RuntimeText {
  readonly module: WebAssembly.Module;
}

/**
 * Each part is hashed on its own first, so that no byte can wander from one part to its neighbour.
 */
export function runtimeVersionOf(
  wasm: Uint8Array,
  text: Omit<RuntimeText, 'runtimeVersion'>,
): string {
  const { hostVersion, vmOptions, prelude, devpackModule } = text;
  const { intrinsics, stackBytes, memoryPagesMax, stackSlotsMax } = vmOptions;
  const options = [hostVersion, intrinsics, stackBytes, memoryPagesMax, stackSlotsMax].join(' ');
  const parts = [wasm, ...[prelude, devpackModule, options].map(utf8ToBytes)];
  return bytesToHex(sha256(concatBytes(...parts.map((part) => sha256(part)))));
}
