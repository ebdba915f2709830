// Package search finds runs in the runs table by filters in the grammar of
// MLflow's search_runs:
//
//	filter      = comparison { "and" comparison } .
//	comparison  = name ( "=" | "!=" | "<" | "<=" | ">" | ">=" | "like" | "ilike" ) value
//	            | name [ "not" ] "in" "(" value { "," value } ")"
//	            | name "is" [ "not" ] "null" .
//	name        = [ kind "." ] key .
//	kind        = "params" | "metrics" | "attributes" , and MLflow's other words for these .
//	key         = a word, or anything in backticks or double quotes .
//	value       = a number | "text" | 'text' | true | false .
//
// Keywords may be in any case. A word ends at a space, a quote, a parenthesis,
// a comma or a comparison sign; so a tag as loss/train or val-acc needs no
// quotes. A name without a kind is an attribute: run (also run_name, run_id),
// experiment (experiment_name), group, status, start_time (created), end_time,
// duration, files, points, last_step. In a pattern, % is any text and _ any
// character; like minds the case of letters, ilike does not.
//
// It takes more than MLflow does, whose parameters are text: an hparam is a
// number, a bool or text here. A number is compared with the text of one as a
// number; text is compared with text in quotes as text, and with a number as the
// number that it reads as. Everything may stand in a list. A time is a
// number of milliseconds since 1970, as in MLflow, or text in RFC 3339, or a
// date.
//
// What a run does not have matches nothing but "is null"; also "!=" does not.
// NaN is unequal to every number and neither below nor above any.
package search
