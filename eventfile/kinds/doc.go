// Package kinds decodes what summaries hold beside numbers, a struct a kind.
//
// Events come from files that may be damaged or from writers that are wrong, so
// nothing here fails: of a message that is broken, what stands before the break
// is there.
package kinds
