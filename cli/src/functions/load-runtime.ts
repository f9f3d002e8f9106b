/**
 * Loads the built functions runtimes in Node, where `.wasm` files cannot be imported: for local runs, replays and
 * tests. workerd imports worker/runtimes/generated/index.ts instead; both read the same files.
 */
import { readFile } from 'node:fs/promises';
import type { Runtime, RuntimeText } from '../../../worker/core/functions-runtime/runtime.ts';

const GENERATED = new URL('../../../worker/runtimes/generated/', import.meta.url);

/** The current runtime first, then those kept for replay. */
export async function loadRuntimes(): Promise<readonly [Runtime, ...Runtime[]]> {
  // The build step wrote these files; their shape is the build step's.
  const [first, ...rest] = JSON.parse(
    await readFile(new URL('list.json', GENERATED), 'utf8'),
  ) as readonly string[];
  if (first === undefined) throw new Error('no functions runtime is built: run `npm run generate`');
  return [await loadRuntime(first), ...(await Promise.all(rest.map(loadRuntime)))];
}

async function loadRuntime(folder: string): Promise<Runtime> {
  const at = new URL(`${folder}/`, GENERATED);
  const text = JSON.parse(await readFile(new URL('runtime.json', at), 'utf8')) as RuntimeText;
  const wasm = await readFile(new URL('quickjs.wasm', at));
  return { ...text, module: await WebAssembly.compile(new Uint8Array(wasm)) };
}
