CREATE TABLE entry (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  subject TEXT NOT NULL,
  sealed BYTEA,
  journal BIGINT NOT NULL,
  leaf BIGINT NOT NULL
);
CREATE INDEX entry_subject ON entry (kind, subject);
CREATE INDEX entry_journal ON entry (journal);
