package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"tbexport/convert/output"
	"tbexport/internal/ui"
)

// saidFlags say how progress and errors are said, for programs that read them.
type saidFlags struct {
	progress    string
	errorFormat string
}

const flagErrorFormat = "error-format"

func (s *saidFlags) add(f *pflag.FlagSet) {
	f.StringVar(&s.progress, "progress", "auto", "auto: a bar on a terminal; json: lines "+
		"{\"progress\":{\"bytes\":N,\"total\":N}}, on\nstandard error, from the first second on; none")
	f.StringVar(&s.errorFormat, flagErrorFormat, "text", "text; or json: a line "+
		"{\"error\":{\"kind\":...,\"message\":...}}, whose kind is usage,\nnot_found, exists, interrupted or failed")
}

func (s *saidFlags) check() error {
	switch s.progress {
	case "auto", "json", "none":
	default:
		return usagef("--progress %s: want auto, json or none", s.progress)
	}
	if s.errorFormat != "text" && s.errorFormat != "json" {
		return usagef("--error-format %s: want text or json", s.errorFormat)
	}
	return nil
}

// newProgress begins to say how far it is, as the flags have it.
func (s *saidFlags) newProgress(c console, quiet bool, bytes func() int64, passes int64) *ui.Progress {
	if s.progress == "json" {
		return ui.NewProgressLines(c.err, bytes()*passes)
	}
	return newProgress(c, quiet || s.progress == "none", bytes, passes)
}

// wantsJSON reports whether a command's errors are to be JSON. A flag that is
// wrong is an error itself: of those before it the answer is known.
func wantsJSON(cmd *cobra.Command) bool {
	f := cmd.Flags().Lookup(flagErrorFormat)
	return f != nil && f.Value.String() == "json"
}

// sayError says an error; hint is a second line for people.
func (c console) sayError(cmd *cobra.Command, kind, text, hint string) {
	if !wantsJSON(cmd) {
		c.say("%s", text)
		if hint != "" {
			fmt.Fprintln(c.err, hint)
		}
		return
	}
	var line struct {
		Error struct {
			Kind    string `json:"kind"`
			Message string `json:"message"`
		} `json:"error"`
	}
	line.Error.Kind, line.Error.Message = kind, text
	data, err := json.Marshal(line)
	if err != nil {
		data = []byte(`{"error":{"kind":"failed","message":"an error that JSON cannot say"}}`)
	}
	fmt.Fprintf(c.err, "%s\n", data)
}

// errorKind is the kind of an error that is none of usage.
func errorKind(err error) string {
	switch {
	case errors.Is(err, output.ErrExists), errors.Is(err, output.ErrMeanwhile):
		return "exists"
	case errors.Is(err, fs.ErrNotExist):
		return "not_found"
	}
	return "failed"
}
