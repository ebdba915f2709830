// Package rest calls the REST API of an MLflow tracking server: where it is and
// who calls, as MLflow's Python client has it, calls that are made again where
// that may help, and errors that say what to do. What the calls mean is for
// others.
package rest
