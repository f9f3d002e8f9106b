/**
 * Keeps one program and never outlives its own starter: when the channel to it closes, even because
 * it was killed, the program is ended, so that no node is left behind holding ports and a chain
 * folder. A program that does not end when asked is killed after a bound.
 *
 *   node keeper.ts <program> <arguments>
 */
import { spawn } from 'node:child_process';
import { constants } from 'node:os';

/** A clean stop of neo-go takes one to two seconds. */
const STOP_WITHIN_MS = 10_000;

const [program = '', ...args] = process.argv.slice(2);
// A group of its own, so that Ctrl-C at the terminal does not reach it.
const child = spawn(program, args, { stdio: ['ignore', 'inherit', 'inherit'], detached: true });

function stop(): void {
  // A frozen process takes no other signal before this one.
  child.kill('SIGCONT');
  child.kill('SIGTERM');
  setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS).unref();
}

child.once('spawn', () => process.send?.({ processId: child.pid }));
child.once('error', (error) => {
  process.stderr.write(`${program}: ${error.message}\n`);
  process.exit(1);
});
child.once('exit', (code, signal) => {
  process.exit(code ?? 128 + (signal === null ? 0 : constants.signals[signal]));
});
process.on('disconnect', stop);
process.on('SIGTERM', stop);
// The terminal sends these to everybody in it; the starter decides what ends when.
for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => undefined);
