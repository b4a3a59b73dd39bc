CREATE TABLE witness_log (
  origin TEXT PRIMARY KEY,
  verifier TEXT NOT NULL,
  size BIGINT NOT NULL,
  root TEXT NOT NULL,
  checkpoint BYTEA NOT NULL,
  seen BIGINT NOT NULL
);
