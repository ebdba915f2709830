package sqlite

import "strings"

// tables makes the tables. Comments stay in the file, with the statements.
func tables() string {
	return strings.NewReplacer("@param", exactJSON("a.number_value"), "@metric",
		exactJSON("m.last_value")).Replace(statements)
}

// exactJSON is a number in JSON with all of its digits, of which SQLite's own
// functions give 15; infinities, which JSON has not, are texts.
func exactJSON(x string) string {
	return "CASE WHEN abs(" + x + ") <= 1.7976931348623157e308 THEN json(printf('%!.17g', " + x + ")) WHEN " +
		x + " > 0 THEN 'Infinity' WHEN " + x + " < 0 THEN '-Infinity' END"
}

const statements = `
CREATE TABLE run (
	run_id INTEGER PRIMARY KEY,
	source_id BLOB NOT NULL UNIQUE, name TEXT NOT NULL, path TEXT NOT NULL,
	parent_id INTEGER REFERENCES run ON DELETE SET NULL,
	experiment TEXT, group_name TEXT, status TEXT,
	start_time TEXT, end_time TEXT, -- UTC
	points INTEGER NOT NULL, digest BLOB NOT NULL, logdir TEXT NOT NULL, version TEXT NOT NULL,
	imported_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP) STRICT;
CREATE INDEX run_name ON run (name);
CREATE INDEX run_parent ON run (parent_id);
CREATE TABLE param (
	run_id INTEGER NOT NULL REFERENCES run ON DELETE CASCADE, name TEXT NOT NULL,
	kind TEXT NOT NULL CHECK (kind IN ('null', 'number', 'text', 'bool', 'list', 'struct')),
	text_value TEXT, number_value REAL, -- of kind number, NULL is NaN
	bool_value INTEGER CHECK (bool_value IN (0, 1)),
	PRIMARY KEY (run_id, name)) STRICT, WITHOUT ROWID;
CREATE INDEX param_name ON param (name);
CREATE TABLE metric (
	metric_id INTEGER PRIMARY KEY, run_id INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
	name TEXT NOT NULL, tag TEXT NOT NULL, points INTEGER NOT NULL,
	last_step INTEGER, -- the highest
	last_value REAL, -- in the order of the files; NULL is NaN
	min_value REAL, max_value REAL, -- NULL: every value is NaN
	UNIQUE (run_id, name)) STRICT;
CREATE INDEX metric_name ON metric (name);
CREATE TABLE point (
	metric_id INTEGER NOT NULL, seq INTEGER NOT NULL, step INTEGER NOT NULL,
	wall_time REAL, value REAL, -- NULL is NaN, and nothing else
	PRIMARY KEY (metric_id, seq)) STRICT, WITHOUT ROWID;
CREATE TRIGGER remove_points AFTER DELETE ON metric BEGIN DELETE FROM point WHERE metric_id = OLD.metric_id; END;
CREATE TABLE source_file (
	run_id INTEGER NOT NULL REFERENCES run ON DELETE CASCADE, path TEXT NOT NULL,
	bytes INTEGER NOT NULL, records INTEGER NOT NULL, host TEXT, PRIMARY KEY (run_id, path)) STRICT, WITHOUT ROWID;
CREATE INDEX source_file_host ON source_file (host);
CREATE TABLE text (
	run_id INTEGER NOT NULL REFERENCES run ON DELETE CASCADE, tag TEXT NOT NULL, seq INTEGER NOT NULL,
	position INTEGER NOT NULL,
	step INTEGER NOT NULL, wall_time REAL, value TEXT NOT NULL, PRIMARY KEY (run_id, tag, seq, position)) STRICT,
	WITHOUT ROWID;
CREATE TABLE histogram (
	run_id INTEGER NOT NULL REFERENCES run ON DELETE CASCADE, tag TEXT NOT NULL, seq INTEGER NOT NULL,
	bucket INTEGER NOT NULL,
	step INTEGER NOT NULL, wall_time REAL, left_edge REAL, right_edge REAL, count REAL, -- NULL is NaN
	PRIMARY KEY (run_id, tag, seq, bucket)) STRICT, WITHOUT ROWID;
CREATE TABLE media (
	run_id INTEGER NOT NULL REFERENCES run ON DELETE CASCADE, tag TEXT NOT NULL,
	kind TEXT NOT NULL CHECK (kind IN ('image', 'audio')), seq INTEGER NOT NULL, position INTEGER NOT NULL,
	step INTEGER NOT NULL, wall_time REAL, -- NULL is NaN
	format TEXT, -- png, jpeg, ... or a content type; NULL: not known
	bytes INTEGER NOT NULL, sha256 TEXT NOT NULL,
	path TEXT, -- of the file that it was extracted to
	PRIMARY KEY (run_id, tag, kind, seq, position)) STRICT, WITHOUT ROWID;
CREATE VIEW scalars AS
	-- Every point. wall_time is seconds since 1970, seq the place in the series.
	-- NULL in wall_time or value is NaN, and nothing else.
	SELECT r.name AS run, m.name AS tag, p.step, p.wall_time, p.value, r.run_id, p.seq
	FROM point p JOIN metric m USING (metric_id) JOIN run r USING (run_id);
CREATE VIEW runs AS
	-- A row a run: params, and the last value of each metric, as JSON. null is NaN
	-- in metrics, and in params NaN or null; infinities are texts.
	SELECT r.name AS run, r.experiment, r.group_name AS "group", r.status, r.start_time, r.end_time,
		round((julianday(r.end_time) - julianday(r.start_time)) * 86400, 3) AS duration,
		(SELECT count(*) FROM source_file f WHERE f.run_id = r.run_id) AS files, r.points,
		(SELECT max(m.last_step) FROM metric m WHERE m.run_id = r.run_id) AS last_step,
		(SELECT json_group_object(name, CASE kind
			WHEN 'bool' THEN json(CASE bool_value WHEN 1 THEN 'true' ELSE 'false' END)
			WHEN 'number' THEN @param ELSE text_value END) FROM param a WHERE a.run_id = r.run_id) AS params,
		(SELECT json_group_object(m.name, @metric) FROM metric m WHERE m.run_id = r.run_id) AS metrics,
		r.run_id, r.imported_at
	FROM run r;
`
