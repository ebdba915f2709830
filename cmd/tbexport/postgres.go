package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"tbexport/convert/postgres"
	"tbexport/convert/sqlmodel"
)

// postgresFlags are those of "tbexport postgres" and "tbexport postgres verify".
type postgresFlags struct {
	sqlFlags
	dsn, schema string
}

func (p *postgresFlags) add(f *pflag.FlagSet) {
	f.StringVar(&p.dsn, "dsn", "",
		"`URI` of the database, or key=value pairs, without a password (default: PGHOST and the other variables)")
	f.StringVar(&p.schema, "schema", "tbexport", "`NAME` of the tables' schema")
	p.sqlFlags.add(f)
}

func newPostgres(c console) *cobra.Command {
	var p postgresFlags
	cmd := &cobra.Command{
		Use:     "postgres LOGDIR... --dsn URI",
		GroupID: groupMigrate,
		Short:   "Write runs into tables of a PostgreSQL database",
		Long: `Write every run into tables of a PostgreSQL database, in a schema of their own:
run, param, metric, point, source_file, text, histogram and media, and the views
runs and scalars. They are made where there are none. Steps, times and values
are exact; NaN and infinities are kept. Of images and audio there are size and
hash, and with --extract the path of their file.

A run is one transaction. Running it again skips the runs whose logs are as they
were when they were written, and replaces those whose logs have grown or
changed. It does not look for rows that were changed or deleted since: verify
does, and --on-existing replace mends them. A password comes by PGPASSWORD,
.pgpass or PGSERVICE. --dry-run reads everything and says rows and bytes.

Environment: PGHOST, PGPORT, PGDATABASE, PGUSER, PGPASSWORD, PGPASSFILE,
PGSERVICE, PGSSLMODE and others, as libpq has them.

` + trackerExit,
		Example: `  tbexport postgres logs --dsn postgresql://me@db/training
  tbexport postgres verify logs --dsn postgresql://me@db/training
  psql -c 'SELECT run, metrics FROM tbexport.runs'`,
		Args: wantLogdirs,
		RunE: func(cmd *cobra.Command, args []string) error { return p.run(cmd.Context(), c, args, false) },
	}
	cmd.Flags().SortFlags = false
	p.addPlan(cmd.Flags(), "show the plan, and write nothing")
	p.addExisting(cmd.Flags())
	p.add(cmd.Flags())
	cmd.AddCommand(newPostgresVerify(c))
	return cmd
}

func newPostgresVerify(c console) *cobra.Command {
	var p postgresFlags
	cmd := &cobra.Command{
		Use:   "verify LOGDIR... --dsn URI",
		Short: "Compare the tables with the logs they came from",
		Long: `Read what "tbexport postgres" wrote, given with the same flags, and compare
every row of every run with the logs, and the files that media names with their
size and hash. Nothing is changed.

` + verifyExit,
		Example: `  tbexport postgres verify logs --dsn postgresql://me@db/training`,
		Args:    wantLogdirs,
		RunE:    func(cmd *cobra.Command, args []string) error { return p.run(cmd.Context(), c, args, true) },
	}
	cmd.Flags().SortFlags = false
	p.add(cmd.Flags())
	return cmd
}

func (p *postgresFlags) run(ctx context.Context, c console, args []string, verify bool) error {
	config, err := postgres.Config(p.dsn)
	if errors.Is(err, postgres.ErrPassword) {
		return usagef("--dsn: %v", err)
	}
	if err != nil {
		return usagef("--dsn is no URI of a database and no key=value pairs: %v", err)
	}
	if p.schema == "" {
		return usagef("--schema is empty: it is the name of a schema")
	}
	d := sqlDestination{name: postgres.Place(config, p.schema), bytesOfPoint: postgres.PointBytes}
	d.check = func(ctx context.Context, read bool) error {
		if !read {
			return p.advise(postgres.Check(ctx, config, p.schema))
		}
		db, err := postgres.OpenToRead(ctx, config, p.schema)
		if err != nil {
			return p.advise(err)
		}
		return db.Close()
	}
	d.open = func(ctx context.Context, read bool) (sqlmodel.Database, func() error, error) {
		open := postgres.Open
		if read {
			open = postgres.OpenToRead
		}
		db, err := open(ctx, config, p.schema)
		if err != nil {
			return nil, nil, err
		}
		return db, db.Close, nil
	}
	return p.sqlFlags.run(ctx, c, args, d, verify)
}

// advise says of a connection that failed what it was to, where no flag did.
func (p *postgresFlags) advise(err error) error {
	if p.dsn == "" && postgres.Unreachable(err) {
		return fmt.Errorf("%w; give --dsn URI, or set PGHOST and its kin, for another database than this machine's",
			err)
	}
	return err
}
