package trackio

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"unicode"
)

// Dir is the directory of Trackio's projects, as its own client finds it. getenv
// is that of a process; home is the user's directory. Empty: where nothing says it.
func Dir(getenv func(string) string, home string) string {
	if dir := getenv("TRACKIO_DIR"); dir != "" {
		return dir
	}
	if dir := getenv("HF_HOME"); dir != "" {
		return filepath.Join(dir, "trackio")
	}
	if dir := getenv("XDG_CACHE_HOME"); dir != "" {
		return filepath.Join(dir, "huggingface", "trackio")
	}
	if home == "" {
		return ""
	}
	return filepath.Join(home, ".cache", "huggingface", "trackio")
}

// reserved are the ends of the files that Trackio keeps beside a project's.
func reserved() []string {
	return []string{"_system", "_configs", "_traces", "_artifacts", "_artifact_versions", "_artifact_aliases",
		"_run_artifact_links", "_external_run_artifact_links"}
}

// CheckProject says why Trackio does not keep a project under a name: it drops
// all characters but letters, digits, dashes and underscores, and so would make
// two names one.
func CheckProject(name string) error {
	kept := strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsNumber(r) || r == '-' || r == '_' {
			return r
		}
		return -1
	}, name)
	switch {
	case name == "":
		return fmt.Errorf("the project has no name")
	case kept == "":
		return fmt.Errorf("project %q: Trackio keeps letters, digits, - and _ only, and there is none", name)
	case kept != name:
		return fmt.Errorf("project %q: Trackio keeps letters, digits, - and _ only, and would call it %q: give that "+
			"name", name, kept)
	case strings.HasPrefix(name, "registry-"):
		return fmt.Errorf("project %q: Trackio keeps names that begin with \"registry-\" for itself", name)
	}
	ends := reserved()
	if i := slices.IndexFunc(ends,
		func(end string) bool { return len(name) > len(end) && strings.HasSuffix(name, end) }); i >= 0 {
		return fmt.Errorf("project %q: Trackio keeps names that end with %q for itself", name, ends[i])
	}
	return nil
}
