// Package series collects the points of a run and gives them out series by
// series, in memory that does not grow with the run: what is more than may be
// held goes through a temporary file.
//
//	walk ──Collector──▶ spool ──▶ restarts ──▶ selection ──▶ sampling ──▶ Chunk
//	     ──Places─────▶ spool ──▶ restarts ──▶ selection ──▶ sampling ──▶ Place
//
// A Collector takes the numbers; Places takes where all other values stand, so
// that their bytes are read again only by who needs them.
package series
