-- How much source an account keeps is asked whenever it would keep more.
CREATE INDEX function_versions_sources ON function_versions (account_id, source_bytes);
