/**
 * The guest: a VM with the prelude in it, ready for one run. It can be made ahead: until `attach` nothing of a run has
 * touched it, its clock stands at zero and no number was drawn, so a run in it equals a run in a fresh one, to the
 * unit of fuel. Never use one twice.
 */
import type { HostDoor } from './host-calls.ts';
import { LIMITS } from './limits.ts';
import type { Recorder } from './recorder.ts';
import type { Runtime } from './runtime.ts';
import { EVAL, type Value, Vm, type VmHost } from './vm.ts';

export const USER_FILE = 'function.js';
export const RUNTIME_FILE = 'service-layer:runtime';
const DEVPACK_FILE = 'service-layer:devpack';
const DEVPACK_NAMES = ['@neo-service-layer/devpack', '@service-layer/devpack'];

/** What a run brings; until then the guest can do nothing. */
export interface Attachment {
  readonly recorder: Recorder;
  readonly door: HostDoor;
  readonly random: () => Uint8Array;
}

export class Guest implements VmHost {
  readonly vm: Vm;
  readonly runtimeVersion: string;
  private readonly entries: Readonly<Record<'begin' | 'start' | 'settle' | 'describe', Value>>;
  private readonly devpackModule: string;
  private attachment: Attachment | undefined;

  constructor(runtime: Runtime) {
    this.runtimeVersion = runtime.runtimeVersion;
    this.devpackModule = runtime.devpackModule;
    this.vm = new Vm(runtime.module, runtime.vmOptions, this);
    const prelude = this.vm.evaluate(runtime.prelude, RUNTIME_FILE, EVAL.script);
    const doors = this.vm.call(prelude, [this.vm.hostFunction('host')]);
    if (this.vm.isException(doors)) throw new Error('the prelude does not run');
    this.entries = {
      begin: this.vm.property(doors, 'begin'),
      start: this.vm.property(doors, 'start'),
      settle: this.vm.property(doors, 'settle'),
      describe: this.vm.property(doors, 'describe'),
    };
  }

  attach(attachment: Attachment): void {
    if (this.attachment !== undefined) throw new Error('a guest runs once');
    this.attachment = attachment;
  }

  /** Calls one of the prelude's functions. */
  enter(name: 'begin' | 'start' | 'settle' | 'describe', args: readonly Value[]): Value {
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

  resolveModule(specifier: string): string | undefined {
    return DEVPACK_NAMES.includes(specifier) ? DEVPACK_FILE : undefined;
  }

  loadModule(name: string): string | undefined {
    return name === DEVPACK_FILE ? this.devpackModule : undefined;
  }

  private argument(value: Value | undefined, bytesMax: number): string | undefined {
    return value === undefined ? undefined : this.vm.text(value, bytesMax);
  }
}

function unattached(): never {
  throw new Error('the guest has no run yet');
}
