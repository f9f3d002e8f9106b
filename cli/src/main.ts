/**
 * * The program: `runCli` takes the words of the command line and the outside, and gives the exit
 * code. It never throws and never ends the process, so tests and other programs can run it as a
 * function.
 */
import { CommanderError } from 'commander';
import type { Command } from './command-table.ts';
import { CliFailure, EXIT, type FailureFacts } from './failure.ts';
import { COMMANDS } from './generated/commands.ts';
import type { Io } from './io.ts';
import { printFailure } from './output/print.ts';
import { processIo } from './process-io.ts';
import { buildProgram } from './program.ts';

export async function runCli(
  words: readonly string[],
  io: Io,
  table: readonly Command[] = COMMANDS,
): Promise<number> {
  try {
    await buildProgram({ io, table }).parseAsync(words, { from: 'user' });
    return EXIT.ok;
  } catch (error) {
    const facts = factsOf(io, error);
    if (facts === undefined) return EXIT.ok;
    printFailure(io, words.includes('--json'), facts);
    return facts.exitCode;
  }
}

export async function runAsProcess(): Promise<void> {
  process.exitCode = await runCli(process.argv.slice(2), processIo());
}

/**
 * Undefined when the "error" is commander's way to say that it has printed the help or the version.
 */
function factsOf(io: Io, error: unknown): FailureFacts | undefined {
  if (error instanceof CliFailure) return error.facts;
  if (error instanceof CommanderError) return commanderFacts(error);
  if (io.signal.aborted)
    return { exitCode: EXIT.interrupted, code: 'interrupted', detail: 'stopped by Ctrl-C' };
  if (isFileError(error))
    return { exitCode: EXIT.usage, code: 'file.unusable', detail: error.message };
  const detail = error instanceof Error ? error.message : String(error);
  return { exitCode: EXIT.fault, code: 'slctl.fault', detail };
}

function commanderFacts(error: CommanderError): FailureFacts | undefined {
  if (error.exitCode === 0) return undefined;
  const isBareHelp = error.code === 'commander.help';
  const detail = isBareHelp ? 'which command? The list is above' : error.message;
  return { exitCode: EXIT.usage, code: 'usage', detail: detail.replace(/^error: /, '') };
}

const isFileError = (error: unknown): error is NodeJS.ErrnoException =>
  error instanceof Error && 'code' in error && 'syscall' in error && 'path' in error;
