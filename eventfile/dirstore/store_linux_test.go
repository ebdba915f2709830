package dirstore

import (
	"testing"

	"tbexport/eventfile/storetest"
)

// Not every file system has such names.
func TestNotUTF8(t *testing.T) { storetest.NotUTF8(t, openLogdir) }
