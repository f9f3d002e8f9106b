/** One call of the contract, once, over all its pages, or again and again. */
import type { Answer, Call } from './call.ts';
import type { Session } from './context.ts';
import { usage } from './failure.ts';
import { printAnswer, rowPrinter, type Style } from './output/print.ts';
import { safeJson } from './output/safe-text.ts';
import { eachPage } from './pages.ts';

export interface CallMode {
  readonly style: Style;
  readonly all: boolean;
  readonly watchSeconds: number | undefined;
  readonly include: boolean;
}

/** ECMA-48: cursor home, erase the display. */
const CLEAR = '\u001b[H\u001b[2J';

export async function runCall(session: Session, call: Call, mode: CallMode): Promise<void> {
  if (mode.watchSeconds !== undefined) return watchCall(session, call, mode);
  if (mode.all) return printAll(session, call, mode);
  const answer = await session.api.send(call);
  printAnswer(session.io, mode.style, mode.include ? included(answer) : answer.body);
}

const included = ({ status, etag, requestId, body }: Answer) => ({
  status,
  ...(etag === undefined ? {} : { etag }),
  ...(requestId === undefined ? {} : { requestId }),
  ...(body === undefined ? {} : { body }),
});

async function printAll(session: Session, call: Call, mode: CallMode): Promise<void> {
  const print = rowPrinter(session.io, mode.style);
  for await (const items of eachPage(session.api, call)) {
    print(items);
    if (session.io.signal.aborted) return;
  }
}

/** Prints only what has changed, so that a watch in a pipe or a log stays readable. */
async function watchCall(session: Session, call: Call, mode: CallMode): Promise<void> {
  const { io } = session;
  if (mode.all) throw usage('--watch reads one page; leave --all out');
  const waitMs = (mode.watchSeconds ?? 0) * 1000;
  let shown: string | undefined;
  while (!io.signal.aborted) {
    const answer = await session.api.send(call);
    const body = mode.include ? included(answer) : answer.body;
    const text = safeJson(body) ?? '';
    if (text !== shown) {
      if (mode.style.json) io.stdout.write(`${text}\n`);
      else {
        io.stdout.write(io.stdout.isTty ? CLEAR : shown === undefined ? '' : '\n');
        printAnswer(io, mode.style, body);
      }
    }
    shown = text;
    await io.wait(waitMs, io.signal);
  }
}
