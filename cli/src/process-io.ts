/** The real outside: this process's streams, signals and network. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Input, Io, Output } from './io.ts';

const INTERRUPTED = 130;

export function processIo(): Io {
  return {
    stdin: processInput(),
    stdout: outputOf(process.stdout),
    stderr: outputOf(process.stderr),
    env: process.env,
    fetch: globalThis.fetch,
    now: () => Date.now(),
    wait: waitFor,
    signal: interruption(),
  };
}

function outputOf(stream: NodeJS.WriteStream): Output {
  // `slctl ... | head` closes the pipe early; that is the reader's right and no failure.
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
  return {
    write: (text) => {
      stream.write(text);
    },
    isTty: stream.isTTY,
    get columns() {
      return stream.isTTY ? stream.columns : undefined;
    },
  };
}

function processInput(): Input {
  return {
    isTty: process.stdin.isTTY,
    readAll: async () => {
      const chunks: Uint8Array[] = [];
      for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk));
      return Buffer.concat(chunks);
    },
    readHiddenLine,
  };
}

/** Raw mode turns the terminal's echo off, and with it its line editing and its Ctrl-C. */
function readHiddenLine(): Promise<string> {
  const { stdin } = process;
  stdin.setRawMode(true);
  stdin.setEncoding('utf8');
  let line = '';
  return new Promise((resolve) => {
    const finish = () => {
      stdin.setRawMode(false);
      stdin.off('data', onText);
      stdin.pause();
      resolve(line);
    };
    const onText = (text: string) => {
      for (const character of text) {
        if (character === '\u0003') {
          stdin.setRawMode(false);
          process.exit(INTERRUPTED);
        }
        if (character === '\r' || character === '\n' || character === '\u0004') return finish();
        line = character === '\u007f' ? line.slice(0, -1) : line + character;
      }
    };
    stdin.on('data', onText);
  });
}

async function waitFor(milliseconds: number, signal: AbortSignal): Promise<void> {
  try {
    await delay(milliseconds, undefined, { signal });
  } catch {
    // The signal ended the wait, which is what it is for.
  }
}

/** The first Ctrl-C asks, the second ends at once. */
function interruption(): AbortSignal {
  const controller = new AbortController();
  process.on('SIGINT', () => {
    if (controller.signal.aborted) process.exit(INTERRUPTED);
    controller.abort();
  });
  return controller.signal;
}
