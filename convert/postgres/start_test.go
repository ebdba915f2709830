package postgres

import (
	"strings"
	"testing"

	"tbexport/convert/mlflow/mlflowtest"
)

// server starts a server, and gives its DSN.
func server(t *testing.T) string {
	return strings.Replace(mlflowtest.Postgres(t), "postgresql+psycopg2:", "postgresql:", 1)
}

func TestStart(t *testing.T) {
	c, err := Config(server(t))
	if err != nil {
		t.Fatal(err)
	}
	d, err := Open(t.Context(), c, "tb \"x")
	if err != nil {
		t.Fatal(err)
	}
	d.Close()
	if d, err = Open(t.Context(), c, "tb \"x"); err != nil {
		t.Fatal(err)
	}
	d.Close()
}
