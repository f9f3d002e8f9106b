/** The least that answers a page of 25 accounts: the query alone, the rows as they stand as JSON. */
interface Env {
  readonly DB: D1Database;
}

const PAGE = 'SELECT * FROM accounts ORDER BY account_id DESC LIMIT 25';

export default {
  async fetch(_request, { DB }) {
    const { results } = await DB.prepare(PAGE).all();
    return Response.json(results);
  },
} satisfies ExportedHandler<Env>;
