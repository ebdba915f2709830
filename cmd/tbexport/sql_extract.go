package main

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"tbexport/convert"
	"tbexport/convert/extract"
	"tbexport/convert/plan"
	"tbexport/convert/sqlmodel"
)

// extractFiles writes images and audio to files, and gives these. What could not
// be read is said when the runs are read for their tables. Files that the database
// names of runs that are not in the plan stay.
func (s *sqlFlags) extractFiles(ctx context.Context, c console, args []string, d sqlDestination,
	p *plan.Plan) (sqlmodel.Files, error) {
	taken, err := s.takenFiles(ctx, d, p)
	if err != nil {
		return nil, err
	}
	overwrite := s.overwrite && len(taken) == 0
	if overwrite != s.overwrite && !s.quiet {
		c.say("%s: brought up to date, and not written anew: of its files the database names %d of runs that are not "+
			"read now", s.extract, len(taken))
	}
	tables := []string{string(convert.FormImages), string(convert.FormAudio)}
	v := &exportVerb{name: "extract", filesOnly: true, update: true, taken: taken}
	e := exportFlags{
		selection: s.selection, output: s.extract, overwrite: overwrite, time: "seconds",
		hparams: hparamsFlag{"last"},
		tempDir: s.tempDir, strict: s.strict, quiet: true, said: saidFlags{progress: "none", errorFormat: "text"},
	}
	e.tables.table = strings.Join(tables, ",")
	if n := s.maxPoints; n > 0 && (e.selection.sample == 0 || n < e.selection.sample) {
		e.selection.sample = n
	}
	if err := v.run(ctx, c, &e, args); err != nil && !errors.Is(err, errLost) {
		return nil, err
	}
	return readManifest(s.extract, taken)
}

// takenFiles are the files in the directory, by path in it, that the database names
// of runs that are not in the plan.
func (s *sqlFlags) takenFiles(ctx context.Context, d sqlDestination, p *plan.Plan) (map[string]bool, error) {
	whole, err := filepath.Abs(s.extract)
	if err != nil {
		return nil, err
	}
	db, end, err := d.open(ctx, true)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	paths, err := sqlmodel.OtherFiles(ctx, db, p)
	taken := make(map[string]bool)
	for _, path := range paths {
		inside, ok := strings.CutPrefix(path, whole+string(filepath.Separator))
		if _, err := os.Lstat(path); ok && err == nil {
			taken[filepath.ToSlash(inside)] = true
		}
	}
	return taken, errors.Join(err, end())
}

// readManifest reads the manifest of extracted files, but for the taken ones.
func readManifest(dir string, taken map[string]bool) (sqlmodel.Files, error) {
	whole, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	file, err := os.Open(filepath.Join(whole, extract.ManifestName))
	if err != nil {
		return nil, err
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file.Name(), err)
	}
	files := make(sqlmodel.Files)
	for _, row := range rows[1:] { // path, run, tag, step, index, sha256
		if taken[row[0]] {
			continue
		}
		form, _, _ := strings.Cut(row[0], "/")
		of := sqlmodel.FileOf{Form: convert.Form(form), Run: row[1], Tag: row[2]}
		files[of] = append(files[of],
			sqlmodel.File{Path: filepath.Join(whole, filepath.FromSlash(row[0])), SHA256: row[5]})
	}
	return files, nil
}
