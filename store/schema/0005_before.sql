CREATE TABLE journal_before (
  number BIGINT PRIMARY KEY,
  at BIGINT NOT NULL,
  who TEXT NOT NULL,
  act TEXT NOT NULL,
  subject TEXT NOT NULL,
  sealed BYTEA NOT NULL,
  journal BIGINT NOT NULL,
  leaf BIGINT NOT NULL
);
