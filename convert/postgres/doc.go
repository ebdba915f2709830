// Package postgres writes the runs of a plan into tables of a PostgreSQL database,
// in a schema of their own.
//
// The tables, and what is written when, are those of package sqlmodel. Points go
// through COPY in its binary form. Numbers are double precision, which keeps NaN,
// the infinities and wall times exactly. Connections are made as libpq makes them:
// from a URI or key=value pairs, PGHOST and the other variables, service and
// password files, and TLS modes.
package postgres
