/**
 * Completes package-lock.json, so that `npm ci` accepts it on every system and with every registry.
 *
 * Packages with native code list one optional package per platform. A registry may carry only some of
 * them; npm then leaves the others out of the lock and later refuses the lock as incomplete. Each one
 * left out gets an entry with its version and its platform: enough for `npm ci` to know that it is
 * optional and whether this machine wants it. The entry has no integrity; npm fills that in where the
 * package exists. A lock that names a registry's address is refused: it would tie every user to it.
 *
 * Usage: node scripts/complete-lock.mjs [file]. Without dependencies, for any Node from 20 on.
 */
import { readFileSync, writeFileSync } from 'node:fs';

/** Words of platform packages' names, as npm's `os`, `cpu` and `libc` fields spell them. */
const OS = {
  aix: 'aix',
  android: 'android',
  darwin: 'darwin',
  freebsd: 'freebsd',
  linux: 'linux',
  linuxmusl: 'linux',
  netbsd: 'netbsd',
  openbsd: 'openbsd',
  openharmony: 'openharmony',
  sunos: 'sunos',
  win32: 'win32',
  windows: 'win32',
};
const CPU = {
  64: 'x64',
  arm: 'arm',
  arm64: 'arm64',
  armv7: 'arm',
  ia32: 'ia32',
  loong64: 'loong64',
  mips64el: 'mips64el',
  ppc64: 'ppc64',
  ppc64le: 'ppc64',
  riscv64: 'riscv64',
  s390x: 's390x',
  wasm32: 'wasm32',
  x64: 'x64',
};
const LIBC = {
  gnu: 'glibc',
  gnueabihf: 'glibc',
  linuxmusl: 'musl',
  musl: 'musl',
  musleabihf: 'musl',
};

/** The lock with an entry for every optional package pinned to one version, and how many were added. */
function complete(lock) {
  const packages = { ...lock.packages };
  let added = 0;
  for (const [path, entry] of Object.entries(lock.packages)) {
    for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
      const found = resolve(packages, path, name);
      const isPinned = /^\d/.test(version);
      if (!isPinned || (found && packages[found].version === version)) continue;
      // Another version higher up belongs to another package; this one then nests under its own.
      packages[found ? below(path, name) : below('', name)] = stub(name, version, entry.dev);
      added += 1;
    }
  }
  return { lock: { ...lock, packages: sorted(packages) }, added };
}

/** Looks for a package as Node does: beside the one that asks, then in every folder above. */
function resolve(packages, from, name) {
  for (let at = from; ; at = at.replace(/(^|\/)node_modules\/(@[^/]+\/)?[^/]+$/, '')) {
    if (packages[below(at, name)]) return below(at, name);
    if (at === '') return undefined;
  }
}

function below(path, name) {
  return `${path === '' ? '' : `${path}/`}node_modules/${name}`;
}

function stub(name, version, dev) {
  const words = name.replace(/^@[^/]+\//, '').split('-');
  const field = (table) => [...new Set(words.map((word) => table[word]).filter(Boolean))];
  const [cpu, libc, os] = [field(CPU), field(LIBC), field(OS)];
  return {
    version,
    ...(cpu.length > 0 && { cpu }),
    ...(dev && { dev }),
    ...(libc.length > 0 && { libc }),
    optional: true,
    ...(os.length > 0 && { os }),
  };
}

/** In the order of npm, so that npm changes nothing when it writes the file again. */
function sorted(packages) {
  return Object.fromEntries(Object.entries(packages).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Links and workspaces resolve to a path and may stay. */
function addressed(lock) {
  return Object.entries(lock.packages)
    .filter(([, { resolved }]) => /^[a-z+]+:/.test(resolved ?? ''))
    .map(([path]) => path);
}

function main(file) {
  const before = JSON.parse(readFileSync(file, 'utf8'));
  const withAddress = addressed(before);
  if (withAddress.length > 0) {
    console.error(
      `${file} names the address of ${withAddress.length} packages: ${withAddress[0]} …`,
    );
    console.error('keep omit-lockfile-registry-resolved=true in .npmrc and write the lock anew');
    return 1;
  }
  const { lock, added } = complete(before);
  writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
  console.log(`${file}: ${added} platform packages added`);
  return 0;
}

process.exitCode = main(process.argv[2] ?? 'package-lock.json');
