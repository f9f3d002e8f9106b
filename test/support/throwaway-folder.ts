/**
 * Where tests put what they throw away. They wait for thousands of small SQLite files to be durable
 * and then delete them, so on a disk they mostly wait; what is in memory is durable at once. A file
 * that must outlive the run has no place there.
 */
import { accessSync, constants, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';

const LINUX_MEMORY_FOLDER = '/dev/shm';
/** Many times what a whole run was seen to hold at once; the 64 MiB of a container are too few. */
const FREE_BYTES_MIN = 2 * 1024 ** 3;

/** A folder in memory where the system has one with room, else the one for temporary files. */
export function throwawayFolder(): string {
  try {
    accessSync(LINUX_MEMORY_FOLDER, constants.W_OK);
    const { bavail, bsize } = statfsSync(LINUX_MEMORY_FOLDER);
    return bavail * bsize >= FREE_BYTES_MIN ? LINUX_MEMORY_FOLDER : tmpdir();
  } catch {
    // Another system, or a folder that is not ours to write.
    return tmpdir();
  }
}
