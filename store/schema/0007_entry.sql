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

-- of incidents by several States together: found without reading those by one
CREATE INDEX incident_actor_states ON incident (actor_state) WHERE actor_state LIKE '% %';

-- the first and the last year are found without reading what lies between
CREATE INDEX incident_year ON incident (year) WHERE scope='health' AND gone=0 AND year>0;

-- what was coded since a journal row
CREATE INDEX audit_value_journal ON audit_value (journal);
