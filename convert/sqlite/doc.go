// Package sqlite writes the runs of a plan into tables of an SQLite file.
//
// The tables, and what is written when, are those of package sqlmodel. SQLite has
// no NaN: in numbers of points and of histograms NULL is NaN, and nothing else is
// NULL. A param of kind number whose number_value is NULL is NaN. Times of runs
// are texts in UTC.
package sqlite
