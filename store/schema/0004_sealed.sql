CREATE TABLE setting (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
);

CREATE TABLE keyring (
  id BIGINT PRIMARY KEY,
  edition BIGINT NOT NULL,
  body TEXT NOT NULL
);

CREATE TABLE subject_key (
  subject TEXT PRIMARY KEY,
  wrapped BYTEA,
  erased BIGINT,
  reason TEXT
);

CREATE TABLE journal (
  number BIGINT PRIMARY KEY,
  at BIGINT NOT NULL,
  who TEXT NOT NULL,
  act TEXT NOT NULL,
  subject TEXT NOT NULL,
  digest TEXT NOT NULL,
  leaf BYTEA NOT NULL,
  sealed_by TEXT NOT NULL,
  secret BYTEA,
  leaves BYTEA,
  body TEXT
);
CREATE INDEX journal_subject ON journal (subject);

CREATE TABLE log_state (
  id BIGINT PRIMARY KEY,
  size BIGINT NOT NULL,
  hour BIGINT NOT NULL,
  number BIGINT NOT NULL,
  checkpoint BYTEA NOT NULL
);

CREATE TABLE log_leaf (
  position BIGINT PRIMARY KEY,
  leaf BYTEA NOT NULL,
  number BIGINT UNIQUE
);

CREATE TABLE log_tile (
  level BIGINT NOT NULL,
  position BIGINT NOT NULL,
  data BYTEA NOT NULL,
  PRIMARY KEY (level, position)
);

CREATE TABLE log_witness (
  name TEXT PRIMARY KEY,
  verifier TEXT NOT NULL,
  url TEXT NOT NULL,
  size BIGINT NOT NULL,
  seen BIGINT NOT NULL
);

CREATE TABLE access_log (
  day TEXT NOT NULL,
  who TEXT NOT NULL,
  place TEXT NOT NULL,
  subject TEXT NOT NULL,
  tier TEXT NOT NULL,
  at BIGINT NOT NULL,
  journal BIGINT,
  PRIMARY KEY (day, who, place, subject, tier)
);

CREATE TABLE disclosure (
  id TEXT PRIMARY KEY,
  at BIGINT NOT NULL,
  who TEXT NOT NULL,
  place TEXT NOT NULL,
  tier TEXT NOT NULL,
  records BIGINT NOT NULL,
  sealed BYTEA,
  journal BIGINT NOT NULL
);

CREATE TABLE officer (
  name TEXT PRIMARY KEY,
  recipient TEXT NOT NULL,
  journal BIGINT NOT NULL
);

CREATE TABLE source_contact (
  id TEXT PRIMARY KEY,
  series TEXT NOT NULL,
  sealed BYTEA,
  officers TEXT NOT NULL,
  journal BIGINT NOT NULL
);
CREATE INDEX source_contact_series ON source_contact (series);

CREATE TABLE backup_run (
  id TEXT PRIMARY KEY,
  at BIGINT NOT NULL,
  size BIGINT NOT NULL,
  bytes BIGINT NOT NULL,
  sha256 TEXT NOT NULL,
  journal BIGINT NOT NULL
);

CREATE TABLE import_run (
  id TEXT PRIMARY KEY,
  series TEXT NOT NULL REFERENCES source(series),
  profile TEXT NOT NULL,
  layout TEXT NOT NULL,
  started BIGINT NOT NULL,
  finished BIGINT,
  progress TEXT NOT NULL,
  sealed BYTEA
);

CREATE TABLE report (
  id TEXT PRIMARY KEY,
  series TEXT NOT NULL,
  external_key TEXT NOT NULL,
  occurrence BIGINT NOT NULL,
  incident_id TEXT NOT NULL,
  run_id TEXT NOT NULL,
  row_number BIGINT NOT NULL,
  supersedes TEXT,
  current BIGINT NOT NULL,
  seen_run TEXT NOT NULL,
  gone BIGINT NOT NULL,
  country TEXT NOT NULL,
  day_from BIGINT NOT NULL,
  day_to BIGINT NOT NULL,
  text_key TEXT NOT NULL,
  sealed BYTEA,
  journal BIGINT NOT NULL,
  leaf BIGINT NOT NULL
);
CREATE INDEX report_text ON report (series, text_key) WHERE text_key <> '';
CREATE INDEX report_external ON report (series, external_key);
CREATE INDEX report_incident ON report (incident_id);
CREATE INDEX report_supersedes ON report (run_id) WHERE supersedes IS NOT NULL;

CREATE TABLE report_rejected (
  run_id TEXT NOT NULL,
  row_number BIGINT NOT NULL,
  sealed BYTEA,
  PRIMARY KEY (run_id, row_number)
);

CREATE TABLE incident (
  id TEXT PRIMARY KEY,
  public_id TEXT NOT NULL,
  namespace TEXT NOT NULL,
  external_key TEXT NOT NULL,
  series TEXT NOT NULL,
  date TEXT NOT NULL,
  day_from BIGINT NOT NULL,
  day_to BIGINT NOT NULL,
  country TEXT NOT NULL,
  location_precision TEXT NOT NULL,
  certainty TEXT NOT NULL,
  scope TEXT NOT NULL,
  context TEXT NOT NULL,
  actor_kind TEXT NOT NULL,
  actor_state TEXT NOT NULL,
  contested TEXT NOT NULL,
  flags TEXT NOT NULL,
  gone BIGINT NOT NULL,
  sealed BYTEA,
  journal BIGINT NOT NULL,
  leaf BIGINT NOT NULL,
  year BIGINT NOT NULL,
  killed BIGINT,
  injured BIGINT,
  abducted BIGINT,
  arrested BIGINT,
  all_killed BIGINT,
  all_injured BIGINT
);
CREATE UNIQUE INDEX incident_external ON incident (namespace, external_key);
CREATE UNIQUE INDEX incident_public ON incident (public_id);
CREATE INDEX incident_country ON incident (country);
CREATE INDEX incident_actor_state ON incident (actor_state) WHERE actor_state <> '';
CREATE INDEX incident_journal ON incident (journal);

CREATE TABLE audit_value (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  state TEXT NOT NULL,
  clause TEXT NOT NULL,
  year BIGINT NOT NULL,
  sealed BYTEA,
  journal BIGINT NOT NULL,
  leaf BIGINT NOT NULL
);
CREATE INDEX audit_value_state ON audit_value (state);
