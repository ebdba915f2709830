package search

import (
	"regexp"
	"strings"

	"tbexport/convert/table"
)

// SplitColumns splits a list of columns at its commas, but not at those in
// double quotes or backticks.
func SplitColumns(list string) (items []string) {
	var item strings.Builder
	quote := rune(0)
	for _, r := range list {
		switch {
		case quote == 0 && r == ',':
			items = append(items, item.String())
			item.Reset()
			continue
		case quote == 0 && (r == '"' || r == '`'):
			quote = r
		case r == quote:
			quote = 0
		}
		item.WriteRune(r)
	}
	return append(items, item.String())
}

// MatchColumns gives the columns of an item of a list: one by its name, or all
// that match it as a pattern in which * is anything.
func MatchColumns(runs *table.Runs, item string) (columns []int) {
	item = strings.TrimSpace(item)
	if i, ok := runs.Column(item); ok {
		return []int{i}
	}
	if i, ok := runs.Column(strings.NewReplacer("`", "", `"`, "").Replace(item)); ok {
		return []int{i}
	}
	if !strings.Contains(item, "*") {
		return nil
	}
	pattern := regexp.MustCompile(`(?s)^` + strings.ReplaceAll(regexp.QuoteMeta(item), `\*`, `.*`) + `$`)
	for i := range runs.Columns {
		if pattern.MatchString(runs.Columns[i].Name) {
			columns = append(columns, i)
		}
	}
	return columns
}
