/** `slctl profiles`: what is stored, without the credentials themselves. */
import type { Command as Parser } from 'commander';
import { addGlobalOptions, type Context, type GlobalFlags, styleOf } from '../context.ts';
import { usage } from '../failure.ts';
import { printAnswer } from '../output/print.ts';
import { loadProfiles, type ProfileBook, saveProfiles } from '../profile.ts';

export function addProfiles(program: Parser, context: Context): void {
  const { io } = context;
  const profiles = program.command('profiles').description('stored addresses and credentials');
  const list = addGlobalOptions(profiles.command('list').description('list the profiles'));
  list.action(async () => {
    const items = listProfiles(await loadProfiles(io.env));
    const page = { items, nextCursor: null };
    printAnswer(io, styleOf(list.optsWithGlobals<GlobalFlags>()), page);
  });
  const use = profiles.command('use').argument('<name>').description('make a profile the current');
  use.action(async (name: string) => {
    const book = await loadKnown(context, name);
    await saveProfiles(io.env, { ...book, current: name });
    io.stderr.write(`using profile ${name}\n`);
  });
  const remove = profiles.command('remove').argument('<name>').description('forget a profile');
  remove.action(async (name: string) => {
    const book = await loadKnown(context, name);
    const { [name]: _, ...others } = book.profiles;
    await saveProfiles(io.env, { ...book, profiles: others });
    io.stderr.write(
      `profile ${name} is forgotten; its credential stays valid until it is revoked\n`,
    );
  });
}

const listProfiles = (book: ProfileBook) =>
  Object.entries(book.profiles).map(([name, { addr, accountId }]) => ({
    name,
    addr,
    accountId: accountId ?? null,
    current: name === book.current,
  }));

async function loadKnown({ io }: Context, name: string): Promise<ProfileBook> {
  const book = await loadProfiles(io.env);
  if (Object.hasOwn(book.profiles, name)) return book;
  throw usage(`there is no profile ${JSON.stringify(name)}`);
}
