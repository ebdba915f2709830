package main

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"tbexport/convert"
	"tbexport/convert/extract"
	"tbexport/convert/sqlmodel"
)

// extractFiles writes images and audio to files, and gives these. What could not
// be read is said when the runs are read for their tables.
func (s *sqlFlags) extractFiles(ctx context.Context, c console, args []string) (sqlmodel.Files, error) {
	if err := checkDirectory("--extract", s.extract); err != nil {
		return nil, err
	}
	tables := []string{string(convert.FormImages), string(convert.FormAudio)}
	v := &exportVerb{name: "extract", filesOnly: true, update: true}
	e := exportFlags{
		selection: s.selection, output: s.extract, overwrite: s.overwrite, time: "seconds",
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
	return readManifest(s.extract)
}

// readManifest reads the manifest of extracted files.
func readManifest(dir string) (sqlmodel.Files, error) {
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
		form, _, _ := strings.Cut(row[0], "/")
		of := sqlmodel.FileOf{Form: convert.Form(form), Run: row[1], Tag: row[2]}
		files[of] = append(files[of],
			sqlmodel.File{Path: filepath.Join(whole, filepath.FromSlash(row[0])), SHA256: row[5]})
	}
	return files, nil
}
