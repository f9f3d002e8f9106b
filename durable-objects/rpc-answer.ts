/**
 * What came back from a call over RPC. Such an answer keeps its call open, on both sides, until it
 * is disposed of or its caller's event is over; an object's goes on for as long as it lives, so it
 * closes each call itself. What was answered is plain data and stays readable.
 */
export async function answerOf<Answer>(call: PromiseLike<Answer> | undefined) {
  const answer = await call;
  if (isDisposable(answer)) answer[Symbol.dispose]();
  return answer;
}

const isDisposable = (answer: unknown): answer is Disposable =>
  typeof answer === 'object' && answer !== null && Symbol.dispose in answer;
