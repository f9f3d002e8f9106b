/**
 * The guest: a VM with the prelude in it, ready for one run. It can be made ahead: until `attach`
 * nothing of a run has touched it, its clock stands at zero and no number was drawn, so a run in it
 * equals a run in a fresh one, to the unit of fuel. The first guest of a runtime leaves an image of
 * its memory; later ones are copies of it, in a tenth of the time. Each has an instance and a
 * memory of its own, and none is used twice.
 */
import type { HostDoor } from './host-calls.ts';
import { LIMITS } from './limits.ts';
import type { Recorder } from './recorder.ts';
import type { Runtime } from './runtime.ts';
import { EVAL, type Value, Vm, type VmHost, type VmImage } from './vm.ts';

export const USER_FILE = 'function.js';
const RUNTIME_FILE = 'service-layer:runtime';
const DEVPACK_FILE = 'service-layer:devpack';
const DEVPACK_NAMES = ['@neo-service-layer/devpack', '@service-layer/devpack'];

/**
 * Asks whether the user's module has a default export without running it: linking checks every
 * import of the graph before anything is evaluated, and the first thing to be evaluated throws.
 */
export const PROBE = {
  file: 'service-layer:probe',
  stop: 'service-layer:stop',
  source: `import 'service-layer:stop'; import entry from '${USER_FILE}';`,
} as const;

/** What a run brings; until then the guest can do nothing. */
export interface Attachment {
  readonly recorder: Recorder;
  readonly door: HostDoor;
  readonly random: () => Uint8Array;
}

type Entries = Readonly<Record<'begin' | 'start' | 'settle' | 'describe', Value>>;

interface GuestImage {
  readonly vm: VmImage;
  readonly entries: Entries;
}

/** A cache: pure state, made from the runtime alone before any user code ran. */
const IMAGES = new WeakMap<Runtime, GuestImage>();

export class Guest implements VmHost {
  readonly vm: Vm;
  readonly runtimeVersion: string;
  private readonly entries: Entries;
  private readonly devpackModule: string;
  private attachment: Attachment | undefined;

  constructor(runtime: Runtime) {
    this.runtimeVersion = runtime.runtimeVersion;
    this.devpackModule = runtime.devpackModule;
    const image = IMAGES.get(runtime);
    this.vm = new Vm(runtime.module, image?.vm ?? runtime.vmOptions, this);
    this.entries = image?.entries ?? this.evaluatePrelude(runtime.prelude);
    if (image === undefined) IMAGES.set(runtime, { vm: this.vm.image(), entries: this.entries });
  }

  attach(attachment: Attachment): void {
    if (this.attachment !== undefined) throw new Error('a guest runs once');
    this.attachment = attachment;
  }

  /** Calls one of the prelude's functions. */
  enter(name: keyof Entries, args: readonly Value[]): Value {
    return this.vm.call(this.entries[name], args);
  }

  call(args: readonly Value[]): string | Uint8Array {
    const { recorder, door, random } = this.attachment ?? unattached();
    const [operation = '', subject = '', text] = [
      this.argument(args[0], 16),
      this.argument(args[1], 64),
      this.argument(args[2], LIMITS.httpBytesMax.value),
    ];
    if (operation === 'log') return recorder.log(subject, text);
    if (operation === 'action') return recorder.queue(subject, text);
    if (operation === 'call') return door.issue(subject, text);
    return random();
  }

  resolveModule(specifier: string, importer: string): string | undefined {
    if (importer === PROBE.file) return specifier;
    return DEVPACK_NAMES.includes(specifier) ? DEVPACK_FILE : undefined;
  }

  loadModule(name: string): string | undefined {
    if (name === PROBE.stop) return 'throw 0;';
    return name === DEVPACK_FILE ? this.devpackModule : undefined;
  }

  private evaluatePrelude(text: string): Entries {
    const prelude = this.vm.evaluate(text, RUNTIME_FILE, EVAL.script);
    const doors = this.vm.call(prelude, [this.vm.hostFunction('host')]);
    if (this.vm.isException(doors)) throw new Error('the prelude does not run');
    return {
      begin: this.vm.property(doors, 'begin'),
      start: this.vm.property(doors, 'start'),
      settle: this.vm.property(doors, 'settle'),
      describe: this.vm.property(doors, 'describe'),
    };
  }

  private argument(value: Value | undefined, bytesMax: number): string | undefined {
    return value === undefined ? undefined : this.vm.text(value, bytesMax);
  }
}

function unattached(): never {
  throw new Error('the guest has no run yet');
}
