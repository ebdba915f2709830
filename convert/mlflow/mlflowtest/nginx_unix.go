//go:build unix

package mlflowtest

import (
	"bytes"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"tbexport/internal/peers"
)

// StartNginx starts an nginx before a server, below a prefix as /ml, which takes
// bodies of at most limit, as 1m, and gives its URL with the prefix. It ends with
// the test. With -short the test is left out.
func StartNginx(t testing.TB, server, prefix, limit string) string {
	t.Helper()
	skipIfShort(t)
	program := peers.Program(t, "nginx-light", "nginx", "/usr/sbin/nginx") // which is not in every user's PATH
	dir, port := t.TempDir(), FreePort(t)
	user := ""
	if os.Geteuid() == 0 {
		user = "user root;\n" // else its workers are nobody, who has no access to the test's directory
	}
	config := user + fmt.Sprintf(`daemon off;
worker_processes 1;
pid %[1]s/pid;
error_log stderr;
events {}
http {
	access_log off;
	client_body_temp_path %[1]s/body;
	proxy_temp_path %[1]s/proxy;
	fastcgi_temp_path %[1]s/fastcgi;
	uwsgi_temp_path %[1]s/uwsgi;
	scgi_temp_path %[1]s/scgi;
	client_max_body_size %[2]s;
	server {
		listen 127.0.0.1:%[3]d;
		location %[4]s/ { proxy_pass %[5]s/; }
	}
}
`, dir, limit, port, prefix, server)
	file := filepath.Join(dir, "nginx.conf")
	if err := os.WriteFile(file, []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	command := exec.Command(program, "-p", dir, "-c", file)
	log := new(bytes.Buffer)
	command.Stdout, command.Stderr = log, log
	ended := Run(t, command)
	address := fmt.Sprintf("127.0.0.1:%d", port)
	for {
		conn, err := net.Dial("tcp", address)
		if err == nil {
			conn.Close()
			return "http://" + address + prefix
		}
		select {
		case <-ended:
			t.Fatalf("nginx ended (Debian: apt-get install nginx-light):\n%s", log)
		case <-time.After(20 * time.Millisecond):
		}
	}
}
