/** The least that answers an account: one keyed read of D1, the row as it stands as JSON. */
interface Env {
  readonly DB: D1Database;
}

export default {
  async fetch(request, { DB }) {
    const id = request.url.slice(request.url.lastIndexOf('/') + 1);
    const row = await DB.prepare('SELECT * FROM accounts WHERE account_id = ?').bind(id).first();
    return row === null ? new Response(null, { status: 404 }) : Response.json(row);
  },
} satisfies ExportedHandler<Env>;
