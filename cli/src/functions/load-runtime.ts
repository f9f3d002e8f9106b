/**
 * Loads the built functions runtimes in Node, where `.wasm` files cannot be imported: for local
 * runs, replays and tests. workerd imports worker/runtimes/generated/index.ts instead; both read
 * the same files.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Runtime, RuntimeText } from '../../../worker/core/functions-runtime/runtime.ts';

const GENERATED = join(import.meta.dirname, '../../../worker/runtimes/generated');

/** Node compiles bytes; the platform types of workerd, which cannot, hide that. */
const Compiler = WebAssembly as unknown as {
  readonly Module: new (bytes: Uint8Array) => WebAssembly.Module;
};

/** The current runtime first, then those kept for replay. */
export async function loadRuntimes(): Promise<readonly [Runtime, ...Runtime[]]> {
  // The build step wrote these files; their shape is the build step's.
  const [first, ...rest] = JSON.parse(
    await readFile(join(GENERATED, 'list.json'), 'utf8'),
  ) as readonly string[];
  if (first === undefined) throw new Error('no functions runtime is built: run `npm run generate`');
  return [await loadRuntime(first), ...(await Promise.all(rest.map(loadRuntime)))];
}

async function loadRuntime(folder: string): Promise<Runtime> {
  const at = join(GENERATED, folder);
  const text = JSON.parse(await readFile(join(at, 'runtime.json'), 'utf8')) as RuntimeText;
  const wasm = await readFile(join(at, 'quickjs.wasm'));
  return { ...text, module: new Compiler.Module(wasm) };
}
