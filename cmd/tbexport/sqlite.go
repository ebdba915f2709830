package main

import (
	"context"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"tbexport/convert/sqlite"
	"tbexport/convert/sqlmodel"
)

// sqliteFlags are those of "tbexport sqlite" and "tbexport sqlite verify".
type sqliteFlags struct {
	sqlFlags
	file string
}

func (s *sqliteFlags) add(f *pflag.FlagSet) {
	f.StringVarP(&s.file, "output", "o", "", "the SQLite `FILE`")
	s.sqlFlags.add(f)
}

func newSQLite(c console) *cobra.Command {
	var s sqliteFlags
	cmd := &cobra.Command{
		Use:     "sqlite LOGDIR... -o FILE",
		GroupID: groupMigrate,
		Short:   "Write runs into tables of an SQLite file",
		Long: `Write every run into tables of an SQLite file: run, param, metric, point,
source_file, text, histogram and media, and the views runs and scalars. The file
is made where there is none, and one of something else is refused. SQLite has no
NaN: in points and histograms NULL is NaN, and nothing else is. Of images and
audio there are size and hash, and with --extract the path of their file.

A run is one transaction. Running it again skips the runs whose logs are as they
were when they were written, and replaces those whose logs have grown or
changed. It does not look for rows that were changed or deleted since: verify
does, and --on-existing replace mends them. --dry-run reads everything and says
rows and bytes.

` + trackerExit,
		Example: `  tbexport sqlite logs -o runs.db
  tbexport sqlite verify logs -o runs.db
  tbexport sqlite logs -o runs.db --extract media
  sqlite3 runs.db 'SELECT run, metrics FROM runs'`,
		Args: wantLogdirs,
		RunE: func(cmd *cobra.Command, args []string) error { return s.run(cmd.Context(), c, args, false) },
	}
	cmd.Flags().SortFlags = false
	s.addPlan(cmd.Flags(), "show the plan, and write nothing")
	s.addExisting(cmd.Flags())
	s.add(cmd.Flags())
	cmd.AddCommand(newSQLiteVerify(c))
	return cmd
}

func newSQLiteVerify(c console) *cobra.Command {
	var s sqliteFlags
	cmd := &cobra.Command{
		Use:   "verify LOGDIR... -o FILE",
		Short: "Compare the tables with the logs they came from",
		Long: `Read what "tbexport sqlite" wrote, given with the same flags, and compare
every row of every run with the logs, and the files that media names with their
size and hash. Nothing is changed.

` + verifyExit,
		Example: `  tbexport sqlite verify logs -o runs.db`,
		Args:    wantLogdirs,
		RunE:    func(cmd *cobra.Command, args []string) error { return s.run(cmd.Context(), c, args, true) },
	}
	cmd.Flags().SortFlags = false
	s.add(cmd.Flags())
	return cmd
}

func (s *sqliteFlags) run(ctx context.Context, c console, args []string, verify bool) error {
	if s.file == "" && !s.dryRun {
		return usagef("which file? Give -o FILE")
	}
	d := sqlDestination{name: s.file, bytesOfPoint: sqlite.PointBytes}
	waiting := s.sayWaiting(c, s.file)
	d.check = func(ctx context.Context, read bool) error {
		if !read {
			return sqlite.Check(ctx, s.file)
		}
		db, err := sqlite.OpenToRead(ctx, s.file, waiting)
		if err != nil {
			return err
		}
		return db.Close()
	}
	d.open = func(ctx context.Context, read bool) (sqlmodel.Database, func() error, error) {
		open := sqlite.Open
		if read {
			open = sqlite.OpenToRead
		}
		db, err := open(ctx, s.file, waiting)
		if err != nil {
			return nil, nil, err
		}
		return db, db.Close, nil
	}
	return s.sqlFlags.run(ctx, c, args, d, verify)
}
