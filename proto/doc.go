// Package pb holds the protocol buffer messages of TensorBoard event files,
// generated from the .proto files beside it by go generate.
package pb

//go:generate go run ./gen
