/**
 * One QuickJS in one WebAssembly instance, spoken to through its C interface. It is written here
 * and not taken from quickjs-wasi's own JavaScript because that reaches for the wall clock, random
 * bytes and standard output when nobody stops it, and because a kept old WASM must not meet a newer
 * library.
 *
 * Guaranteed: no I/O, no clock but the one set, no randomness; every import the guest can trigger
 * costs fuel. Values are pointers into the instance's memory. A trap surfaces as
 * `WebAssembly.RuntimeError`; the VM is lost then and the caller drops it.
 */
import { HOST_FUEL } from './limits.ts';
import type { VmOptions } from './runtime.ts';

/** A pointer to a QuickJS value on the guest's heap. */
export type Value = number;

export const EVAL = { script: 0, module: 1, compileOnly: 32 } as const;

const PAGE_BYTES = 65_536;
const WASI = { success: 0, badDescriptor: 8, notImplemented: 52 } as const;
/** Spent on preparation; never a user's. */
const PREPARATION_FUEL = 1_000_000_000n;

interface QuickJs {
  readonly memory: WebAssembly.Memory;
  readonly __stack_pointer: WebAssembly.Global;
  readonly fuel: WebAssembly.Global;
  readonly memoryPagesMax: WebAssembly.Global;
  readonly memoryRefusals: WebAssembly.Global;
  readonly stackSlots: WebAssembly.Global;
  _initialize(): void;
  qjs_init2(intrinsics: number): number;
  qjs_set_max_stack_size(bytes: number): void;
  qjs_set_memory_limit(bytes: number): void;
  qjs_set_module_loader(enabled: number): void;
  qjs_eval(code: number, length: number, name: number, flags: number): Value;
  qjs_call(func: Value, self: Value, count: number, args: number): Value;
  qjs_new_string(text: number, length: number): Value;
  qjs_new_array_buffer(bytes: number, length: number): Value;
  qjs_new_host_function(name: number, length: number, count: number): Value;
  qjs_new_error(): Value;
  qjs_get_undefined(): Value;
  qjs_get_prop_string(object: Value, name: number): Value;
  qjs_set_prop_string(object: Value, name: number, value: Value): number;
  qjs_get_string_len(value: Value, lengthOut: number): number;
  qjs_free_cstring(text: number): void;
  qjs_free_value(value: Value): void;
  qjs_is_exception(value: Value): number;
  qjs_is_undefined(value: Value): number;
  qjs_get_exception(): Value;
  qjs_throw(value: Value): Value;
  qjs_promise_state(value: Value): number;
  qjs_promise_result(value: Value): Value;
  qjs_is_job_pending(): number;
  qjs_execute_pending_job(): number;
  wasm_malloc(bytes: number): number;
  wasm_free(pointer: number): void;
}

/** What the guest can reach outside itself. All arguments come from hostile code. */
export interface VmHost {
  /** The one host function; its answer goes back as a string, or as an ArrayBuffer. */
  call(args: readonly Value[]): string | Uint8Array;
  /** The canonical name of a module, or undefined to refuse it. */
  resolveModule(specifier: string, importer: string): string | undefined;
  loadModule(name: string): string | undefined;
}

/** Everything an instance is beside its code: QuickJS keeps all its state in linear memory. */
export interface VmImage {
  readonly memory: Uint8Array;
  readonly stackPointer: number;
}

export type PromiseState = 'pending' | 'fulfilled' | 'rejected';

export class Vm {
  private readonly quickjs: QuickJs;
  private readonly host: VmHost;
  private clockMs = 0;
  /** Whether the guest has called the host and waits for it. */
  private nested = false;
  /** The memory ran full while a job ran, whose promise may therefore never settle. */
  jobFailed = false;

  /** Starts QuickJS, or takes up the state of an image of the same module. */
  constructor(module: WebAssembly.Module, start: VmOptions | VmImage, host: VmHost) {
    this.host = host;
    const instance = new WebAssembly.Instance(module, this.imports());
    // The build step made this module; its exports are known and pinned by the runtime's version.
    this.quickjs = instance.exports as unknown as QuickJs;
    this.quickjs.fuel.value = PREPARATION_FUEL;
    if ('memory' in start) this.restore(start);
    else this.initialize(start);
  }

  private initialize(options: VmOptions): void {
    this.quickjs._initialize();
    if (this.quickjs.qjs_init2(options.intrinsics) !== 0) throw new Error('QuickJS did not start');
    this.quickjs.qjs_set_max_stack_size(options.stackBytes);
    this.quickjs.qjs_set_module_loader(1);
  }

  private restore(image: VmImage): void {
    const missing = image.memory.length - this.memoryBytes;
    if (missing > 0) this.quickjs.memory.grow(missing / PAGE_BYTES);
    new Uint8Array(this.quickjs.memory.buffer).set(image.memory);
    this.quickjs.__stack_pointer.value = image.stackPointer;
  }

  image(): VmImage {
    return {
      memory: new Uint8Array(this.quickjs.memory.buffer).slice(),
      // An exported i32 global is always a number.
      stackPointer: this.quickjs.__stack_pointer.value as number,
    };
  }

  /** From here on the run pays, the clock stands at `clockMs` and the memory is bounded. */
  begin(bounds: { fuel: number; memoryBytes: number; clockMs: number }): void {
    this.quickjs.fuel.value = BigInt(bounds.fuel);
    this.quickjs.memoryPagesMax.value = Math.floor(bounds.memoryBytes / PAGE_BYTES);
    // QuickJS's own limit below the wall keeps room to make the "out of memory" error.
    this.quickjs.qjs_set_memory_limit(bounds.memoryBytes - 24 * PAGE_BYTES);
    this.clockMs = bounds.clockMs;
  }

  get fuelLeft(): bigint {
    // An exported i64 global is always a bigint.
    return this.quickjs.fuel.value as bigint;
  }

  get memoryBytes(): number {
    return this.quickjs.memory.buffer.byteLength;
  }

  get memoryRefused(): boolean {
    return this.quickjs.memoryRefusals.value !== 0;
  }

  /** Whether a trap was for the depth of calls; `stackSlotsMax` is the runtime's. */
  stackPassed(stackSlotsMax: number): boolean {
    return Number(this.quickjs.stackSlots.value) > stackSlotsMax;
  }

  /**
   * Calls into the guest start with an empty stack, unless they come from inside one of its own.
   */
  private clearStack(): void {
    if (!this.nested) this.quickjs.stackSlots.value = 0;
  }

  charge(fuel: number): void {
    this.quickjs.fuel.value = this.fuelLeft - BigInt(Math.ceil(fuel));
  }

  evaluate(source: string, name: string, flags: number): Value {
    this.clearStack();
    const code = this.copyIn(source);
    const fileName = this.copyIn(name);
    const value = this.quickjs.qjs_eval(code.pointer, code.length, fileName.pointer, flags);
    this.clearStack();
    this.quickjs.wasm_free(code.pointer);
    this.quickjs.wasm_free(fileName.pointer);
    return value;
  }

  call(func: Value, args: readonly Value[]): Value {
    this.clearStack();
    const pointers = this.quickjs.wasm_malloc(4 * Math.max(args.length, 1));
    const view = new DataView(this.quickjs.memory.buffer);
    args.forEach((arg, index) => view.setUint32(pointers + 4 * index, arg, true));
    const self = this.quickjs.qjs_get_undefined();
    const value = this.quickjs.qjs_call(func, self, args.length, pointers);
    this.clearStack();
    this.quickjs.qjs_free_value(self);
    this.quickjs.wasm_free(pointers);
    return value;
  }

  /**
   * Runs jobs until none is left. Whether a job fails is the business of the promise it belongs to.
   */
  pump(): void {
    while (this.quickjs.qjs_is_job_pending() !== 0) {
      this.clearStack();
      if (this.quickjs.qjs_execute_pending_job() < 0) {
        this.free(this.quickjs.qjs_get_exception());
        this.jobFailed = true;
      }
    }
    this.clearStack();
  }

  isException(value: Value): boolean {
    return value === 0 || this.quickjs.qjs_is_exception(value) !== 0;
  }

  takeException(): Value {
    return this.quickjs.qjs_get_exception();
  }

  promiseState(value: Value): PromiseState {
    const state = this.quickjs.qjs_promise_state(value);
    return state === 0 ? 'pending' : state === 1 ? 'fulfilled' : 'rejected';
  }

  promiseResult(value: Value): Value {
    return this.quickjs.qjs_promise_result(value);
  }

  free(value: Value): void {
    if (value !== 0) this.quickjs.qjs_free_value(value);
  }

  string(text: string): Value {
    const { pointer, length } = this.copyIn(text);
    const value = this.quickjs.qjs_new_string(pointer, length);
    this.quickjs.wasm_free(pointer);
    return value;
  }

  property(object: Value, name: string): Value {
    const key = this.copyIn(name);
    const value = this.quickjs.qjs_get_prop_string(object, key.pointer);
    this.quickjs.wasm_free(key.pointer);
    return value;
  }

  hostFunction(name: string): Value {
    const { pointer, length } = this.copyIn(name);
    const value = this.quickjs.qjs_new_host_function(pointer, length, 0);
    this.quickjs.wasm_free(pointer);
    return value;
  }

  /**
   * The value as text, well formed (lone surrogates become U+FFFD), or undefined past `bytesMax` or
   * without memory.
   */
  text(value: Value, bytesMax: number): string | undefined {
    const lengthOut = this.quickjs.wasm_malloc(4);
    if (lengthOut === 0) return undefined;
    // Runs user code when the value is an object, with as much stack as there was before.
    const slots: unknown = this.quickjs.stackSlots.value;
    const pointer = this.quickjs.qjs_get_string_len(value, lengthOut);
    this.quickjs.stackSlots.value = slots;
    const length = new DataView(this.quickjs.memory.buffer).getUint32(lengthOut, true);
    this.quickjs.wasm_free(lengthOut);
    if (pointer === 0) {
      this.free(this.quickjs.qjs_get_exception());
      return undefined;
    }
    const fits = length <= bytesMax;
    if (fits) this.charge(length * HOST_FUEL.byte);
    const bytes = new Uint8Array(this.quickjs.memory.buffer, pointer, fits ? length : 0);
    const text = new TextDecoder('utf-8', { fatal: false, ignoreBOM: true }).decode(bytes);
    this.quickjs.qjs_free_cstring(pointer);
    return fits ? text : undefined;
  }

  private copyIn(text: string): { readonly pointer: number; readonly length: number } {
    return this.copyBytesIn(new TextEncoder().encode(text));
  }

  private copyBytesIn(bytes: Uint8Array): { readonly pointer: number; readonly length: number } {
    this.charge(bytes.length * HOST_FUEL.byte);
    const pointer = this.quickjs.wasm_malloc(bytes.length + 1);
    if (pointer === 0) throw new MemoryFull();
    const memory = new Uint8Array(this.quickjs.memory.buffer);
    memory.set(bytes, pointer);
    memory[pointer + bytes.length] = 0;
    return { pointer, length: bytes.length };
  }

  private hostCall(count: number, argsPointer: number): Value {
    this.charge(HOST_FUEL.call);
    const view = new DataView(this.quickjs.memory.buffer);
    const args = Array.from({ length: Math.min(count, 3) }, (_, index) =>
      view.getUint32(argsPointer + 4 * index, true),
    );
    const outer = this.nested;
    this.nested = true;
    const value = this.answerToValue(this.host.call(args));
    this.nested = outer;
    return value;
  }

  private answerToValue(answer: string | Uint8Array): Value {
    if (typeof answer === 'string') return this.string(answer);
    const { pointer, length } = this.copyBytesIn(answer);
    const value = this.quickjs.qjs_new_array_buffer(pointer, length);
    this.quickjs.wasm_free(pointer);
    return value;
  }

  private throwInGuest(message: string): 0 {
    const error = this.quickjs.qjs_new_error();
    const text = this.string(message);
    const key = this.copyIn('message');
    this.quickjs.qjs_set_prop_string(error, key.pointer, text);
    this.quickjs.wasm_free(key.pointer);
    this.free(this.quickjs.qjs_throw(error));
    this.free(text);
    this.free(error);
    return 0;
  }

  private cString(pointer: number): string {
    const memory = new Uint8Array(this.quickjs.memory.buffer);
    const end = memory.indexOf(0, pointer);
    this.charge((end - pointer) * HOST_FUEL.byte);
    return new TextDecoder().decode(memory.subarray(pointer, end));
  }

  private normalizeModule(importerPointer: number, specifierPointer: number): number {
    this.charge(HOST_FUEL.call);
    const specifier = this.cString(specifierPointer);
    const name = this.host.resolveModule(specifier, this.cString(importerPointer));
    if (name !== undefined) return this.copyIn(name).pointer;
    return this.throwInGuest(
      `cannot import '${specifier.slice(0, 200)}': only '@neo-service-layer/devpack' can be imported`,
    );
  }

  private loadModule(namePointer: number, lengthOut: number): number {
    this.charge(HOST_FUEL.call);
    const source = this.host.loadModule(this.cString(namePointer));
    if (source === undefined) return this.throwInGuest('the module cannot be loaded');
    const { pointer, length } = this.copyIn(source);
    new DataView(this.quickjs.memory.buffer).setUint32(lengthOut, length, true);
    return pointer;
  }

  private tellTime(resultPointer: number): number {
    this.charge(HOST_FUEL.clock);
    const view = new DataView(this.quickjs.memory.buffer);
    view.setBigUint64(resultPointer, BigInt(this.clockMs) * 1_000_000n, true);
    return WASI.success;
  }

  /**
   * Files do not exist and random bytes are zero: QuickJS asks for neither while it runs user code.
   */
  private imports(): WebAssembly.Imports {
    return {
      env: {
        // (name, nameLength, self, count, args): there is one host function, so its name says
        // nothing.
        host_call: (...given: readonly number[]) => this.hostCall(given[3] ?? 0, given[4] ?? 0),
        host_interrupt: () => 0,
        host_promise_rejection: () => undefined,
        host_module_normalize: (importer: number, specifier: number) =>
          this.normalizeModule(importer, specifier),
        host_module_load: (name: number, lengthOut: number) => this.loadModule(name, lengthOut),
        host_get_timezone_offset: () => 0,
      },
      wasi_snapshot_preview1: {
        clock_time_get: (_clock: number, _precision: bigint, result: number) =>
          this.tellTime(result),
        fd_close: () => WASI.notImplemented,
        fd_fdstat_get: () => WASI.badDescriptor,
        fd_seek: () => WASI.notImplemented,
        fd_write: () => WASI.badDescriptor,
        random_get: () => WASI.success,
      },
    };
  }
}

/** The host could not place something in the guest's memory. */
export class MemoryFull extends Error {}
