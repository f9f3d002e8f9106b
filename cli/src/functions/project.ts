/**
 * `slctl functions init`: a project to start from, copied from the examples that the tests of this
 * project run. The Devpack's types come with it as the folder `devpack`, so that editors and `tsc`
 * know them without anything to install.
 */
import { cp, mkdir, readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { usage } from '../failure.ts';
import { isMissing } from '../profile.ts';

const TEMPLATE = fileURLToPath(
  new URL('../../../examples/functions/devpack', import.meta.url).href,
);
const DEVPACK = fileURLToPath(new URL('../../../sdk/devpack', import.meta.url).href);
const LEFT_OUT = new Set(['node_modules', 'build', 'dist', '.git', 'package-lock.json']);

export async function initProject(folder: string, template = TEMPLATE): Promise<readonly string[]> {
  const names = await list(template);
  if (names === undefined || (await list(DEVPACK)) === undefined)
    throw usage(`the template ${template} is not there; run slctl from a whole checkout`);
  const existing = await list(folder);
  // Files of the user's are never overwritten, and never mixed with ours.
  if (existing !== undefined && existing.length > 0) throw usage(`${folder} is not empty`);
  await mkdir(folder, { recursive: true });
  const copied = names.filter((name) => !LEFT_OUT.has(name));
  for (const name of copied)
    await cp(join(template, name), join(folder, name), {
      recursive: true,
      filter: (source) => !LEFT_OUT.has(basename(source)),
    });
  await cp(DEVPACK, join(folder, 'devpack'), { recursive: true });
  return [...copied, 'devpack'].sort();
}

async function list(folder: string): Promise<readonly string[] | undefined> {
  try {
    return (await readdir(folder)).sort();
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw usage(`${folder} is not a folder that can be read`);
  }
}
