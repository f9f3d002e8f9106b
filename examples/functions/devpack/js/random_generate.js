// Asks for signed random bytes; a request id makes a repeated call find the same ones.
export default function (params) {
  const { length = 32, requestId } = params ?? {};
  const random = Devpack.random.generate({ length, requestId });
  return Devpack.respond.success({ random: random.asResult({ length }) });
}
