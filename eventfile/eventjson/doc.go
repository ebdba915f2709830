// Package eventjson is events, and stretches of files that could not be read,
// as JSON objects for people and their tools. "tbexport dump" prints one a
// line; its help lists the fields.
package eventjson
