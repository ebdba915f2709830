//go:build !linux

package mlflow

import "net"

// withQuickAck has no counterpart here.
func withQuickAck(c net.Conn) net.Conn { return c }
