//go:build !linux

package rest

import (
	"net"
)

// withQuickAck has no counterpart here.
func withQuickAck(c net.Conn) net.Conn { return c }
