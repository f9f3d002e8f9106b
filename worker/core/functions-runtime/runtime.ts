/**
 * A runtime: the metered WASM with the prelude that runs in it before user code, and the options both need. Its
 * version is the hash of all of these and of the host's own number, so equal versions give equal runs.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';

export interface VmOptions {
  /** QuickJS intrinsics; bit 10, `performance`, is off: it would be a second clock. */
  readonly intrinsics: number;
  /** QuickJS's own stack check comes before V8's, whose overflow would cost the whole VM (measured). */
  readonly stackBytes: number;
  readonly memoryPagesMax: number;
}

export const VM_OPTIONS: VmOptions = {
  intrinsics: 0b1_1011_1111_1111,
  stackBytes: 64 * 1024,
  memoryPagesMax: 512,
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

/** Each part is hashed on its own first, so that no byte can wander from one part to its neighbour. */
export function runtimeVersionOf(
  wasm: Uint8Array,
  text: Omit<RuntimeText, 'runtimeVersion'>,
): string {
  const { hostVersion, vmOptions, prelude, devpackModule } = text;
  const options = `${hostVersion} ${vmOptions.intrinsics} ${vmOptions.stackBytes} ${vmOptions.memoryPagesMax}`;
  const parts = [wasm, ...[prelude, devpackModule, options].map(utf8ToBytes)];
  return bytesToHex(sha256(concatBytes(...parts.map((part) => sha256(part)))));
}
