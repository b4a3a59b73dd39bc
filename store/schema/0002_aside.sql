DROP TABLE report;
DROP TABLE report_rejected;
DROP TABLE import_run;
DROP TABLE incident;
DROP TABLE audit_value;
DROP TABLE journal;
