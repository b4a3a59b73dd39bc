CREATE TABLE journal (
  number BIGINT PRIMARY KEY,
  at BIGINT NOT NULL,
  who TEXT NOT NULL,
  act TEXT NOT NULL,
  subject TEXT NOT NULL,
  digest TEXT NOT NULL
);

CREATE TABLE source (
  series TEXT PRIMARY KEY,
  namespace TEXT NOT NULL,
  title TEXT NOT NULL,
  publisher TEXT NOT NULL,
  licence TEXT NOT NULL,
  redistribute TEXT NOT NULL,
  scope TEXT NOT NULL,
  reliability TEXT NOT NULL,
  caveats TEXT NOT NULL
);

CREATE TABLE import_run (
  id TEXT PRIMARY KEY,
  series TEXT NOT NULL REFERENCES source(series),
  profile TEXT NOT NULL,
  layout TEXT NOT NULL,
  mapping TEXT NOT NULL,
  file TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  headers TEXT NOT NULL,
  started BIGINT NOT NULL,
  finished BIGINT,
  progress TEXT NOT NULL
);

CREATE TABLE report (
  id TEXT PRIMARY KEY,
  series TEXT NOT NULL,
  external_id TEXT NOT NULL,
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
  digest TEXT NOT NULL,
  assertions TEXT NOT NULL,
  raw TEXT NOT NULL,
  flags TEXT NOT NULL,
  text_key TEXT NOT NULL,
  journal BIGINT NOT NULL
);
CREATE INDEX report_text ON report (series, text_key) WHERE text_key <> '';
CREATE INDEX report_external ON report (series, external_id);
CREATE INDEX report_incident ON report (incident_id);
CREATE INDEX report_supersedes ON report (run_id) WHERE supersedes IS NOT NULL;

CREATE TABLE report_rejected (
  run_id TEXT NOT NULL,
  row_number BIGINT NOT NULL,
  reason TEXT NOT NULL,
  raw TEXT NOT NULL,
  PRIMARY KEY (run_id, row_number)
);

CREATE TABLE incident (
  id TEXT PRIMARY KEY,
  public_id TEXT NOT NULL,
  namespace TEXT NOT NULL,
  external_id TEXT NOT NULL,
  series TEXT NOT NULL,
  date TEXT NOT NULL,
  day_from BIGINT NOT NULL,
  day_to BIGINT NOT NULL,
  country TEXT NOT NULL,
  adm1 TEXT NOT NULL,
  place TEXT NOT NULL,
  point TEXT NOT NULL,
  location_precision TEXT NOT NULL,
  certainty TEXT NOT NULL,
  scope TEXT NOT NULL,
  context TEXT NOT NULL,
  actor_kind TEXT NOT NULL,
  actor_name TEXT NOT NULL,
  actor_state TEXT NOT NULL,
  actor_note TEXT NOT NULL,
  codes TEXT NOT NULL,
  counts TEXT NOT NULL,
  year BIGINT NOT NULL,
  killed BIGINT,
  injured BIGINT,
  abducted BIGINT,
  arrested BIGINT,
  all_killed BIGINT,
  all_injured BIGINT,
  description TEXT NOT NULL,
  contested TEXT NOT NULL,
  flags TEXT NOT NULL,
  gone BIGINT NOT NULL,
  journal BIGINT NOT NULL
);
CREATE UNIQUE INDEX incident_external ON incident (namespace, external_id);
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
  fields TEXT NOT NULL,
  journal BIGINT NOT NULL
);
CREATE INDEX audit_value_state ON audit_value (state);

CREATE TABLE norm_text (
  id TEXT PRIMARY KEY,
  file TEXT NOT NULL,
  position BIGINT NOT NULL,
  title TEXT NOT NULL,
  parsed TEXT NOT NULL,
  sha256 TEXT NOT NULL UNIQUE,
  journal BIGINT NOT NULL
);
