// Package extract writes what values hold, pictures, sound, texts, tensors, meshes
// and graphs, to files of their own, with a manifest of them all.
//
// A file is TABLE/RUN/TAG/STEP_INDEX.EXT:
//
//   - TABLE is the table that has a row of it, and RUN and TAG are one directory
//     each, named by Segment; what has no tag is in %WHAT, such as %graph_def.
//   - INDEX is that of the row: which item of the value it is. Where a series has
//     several values of one step, the second is STEP_INDEX~2.EXT, and so on.
//   - EXT is told by the bytes, and is one of png, jpg, gif, bmp, webp, wav, npy,
//     txt, ply, pb and json, or bin.
//
// The manifest is manifest.csv: path, run, tag, step, index, sha256, a line a file.
// In a directory that is brought up to date it is whole, too, with the files of
// runs and tables that were not written this time.
package extract
