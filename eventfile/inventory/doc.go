// Package inventory collects what a run holds without its points: its tags, of
// what kind they are, and from where to where they go.
package inventory
