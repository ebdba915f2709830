package sqlmodeltest

import (
	"os"
	"strings"
	"testing"

	"tbexport/convert/plan"
	"tbexport/convert/sqlmodel"
)

// document is that of the queries, from a package below convert.
const document = "../../docs/databases.md"

// Queries runs the queries of the document as they stand, with the logs that it says.
// Each gives rows. Those that begin with the name of another database are passed over.
func Queries(t *testing.T, d sqlmodel.Database, name string) {
	t.Helper()
	text, err := os.ReadFile(document)
	if err != nil {
		t.Fatal(err)
	}
	Write(t, d, Plan(t, Logs+"/sample"), plan.Created)
	if ran := runQueries(t, d, string(text), name, "epoch_loss"); ran != 2 {
		t.Errorf("%d queries of epoch_loss ran, not 2", ran)
	}
	Exec(t, d, "DELETE FROM run")
	Write(t, d, Plan(t, Logs+"/hparams/keras-callback"), plan.Created)
	if ran := runQueries(t, d, string(text), name, ""); ran != 5 {
		t.Errorf("%d queries ran, not 5", ran)
	}
}

// runQueries runs those that have a word in them.
func runQueries(t *testing.T, d sqlmodel.Database, text, name, word string) (ran int) {
	t.Helper()
	for i, part := range strings.Split(text, "```sql\n") {
		query, _, _ := strings.Cut(part, "```")
		if i == 0 || strings.HasPrefix(query, "-- ") && !strings.HasPrefix(query, "-- "+name+"\n") ||
			!strings.Contains(query, word) {
			continue
		}
		ran++
		rows := 0
		err := d.Transaction(t.Context(), "", func(tx sqlmodel.Tx) error {
			return tx.Query(t.Context(), func(func(...any) error) error { rows++; return nil }, query)
		})
		if err != nil || rows == 0 {
			t.Errorf("%s\n%d rows, %v", query, rows, err)
		}
	}
	return ran
}
