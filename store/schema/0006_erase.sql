CREATE TABLE tombstone (
  subject TEXT PRIMARY KEY,
  public_id TEXT NOT NULL,
  number BIGINT NOT NULL,
  sealed BYTEA NOT NULL,
  reason TEXT NOT NULL,
  at BIGINT NOT NULL
);
CREATE INDEX tombstone_public ON tombstone (public_id);
