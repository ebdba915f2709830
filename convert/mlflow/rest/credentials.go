package rest

import (
	"os"
	"path/filepath"
	"strings"
)

type credentials struct{ username, password string }

// readCredentials reads the section [mlflow] of ~/.mlflow/credentials, as the
// Python client does (mlflow/utils/credentials.py). A file that is not there
// or not readable holds none.
func readCredentials(home string) (c credentials) {
	if home == "" {
		return c
	}
	text, err := os.ReadFile(filepath.Join(home, ".mlflow", "credentials"))
	if err != nil {
		return c
	}
	return parseCredentials(string(text))
}

func parseCredentials(text string) (c credentials) {
	section := ""
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' || line[0] == ';' {
			continue
		}
		if line[0] == '[' {
			section = strings.Trim(line, "[]")
			continue
		}
		at := strings.IndexAny(line, "=:")
		if section != "mlflow" || at < 0 {
			continue
		}
		value := strings.TrimSpace(line[at+1:])
		switch strings.ToLower(strings.TrimSpace(line[:at])) {
		case "mlflow_tracking_username":
			c.username = value
		case "mlflow_tracking_password":
			c.password = value
		}
	}
	return c
}
