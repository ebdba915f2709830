package main

import (
	"encoding/json"

	"tbexport/convert"
	"tbexport/convert/output"
	"tbexport/eventfile"
)

// jsonFloat is a number of any JSON that the program writes.
type jsonFloat = convert.Float

// tool names the program in the JSON that it writes.
func tool() string { return "tbexport " + programVersion() }

// writeReport writes the JSON report to a file and commits it.
func writeReport(file *output.File, r *convert.Report, problems []eventfile.Problem) error {
	text, err := json.MarshalIndent(r.JSON(tool(), problems), "", "  ")
	if err != nil {
		return err
	}
	if _, err := file.Write(append(text, '\n')); err != nil {
		return err
	}
	return file.Commit()
}
