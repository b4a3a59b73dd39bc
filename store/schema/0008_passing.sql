CREATE TABLE passing (
  kind TEXT NOT NULL,
  key TEXT NOT NULL,
  owner TEXT NOT NULL,
  sealed BYTEA NOT NULL,
  at BIGINT NOT NULL,
  until BIGINT NOT NULL,
  PRIMARY KEY (kind, key)
);
CREATE INDEX passing_until ON passing (until);
