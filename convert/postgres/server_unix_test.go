//go:build unix

package postgres

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"tbexport/convert/plan"
	"tbexport/convert/plan/plantest"
	"tbexport/convert/sqlmodel"
	"tbexport/convert/sqlmodel/sqlmodeltest"
)

// TestMain lets the test's own program be the one that is killed: with a DSN in its
// environment it writes and does nothing else.
func TestMain(m *testing.M) { os.Exit(plantest.Main(m, os.Stderr, writeAll)) }

func writeAll(logdir, place string) error {
	ctx := context.Background()
	p, err := plantest.PlanOf(logdir, sqlmodel.Rules(), plan.Options{Fold: true})
	if err != nil {
		return err
	}
	c, err := Config(place)
	if err != nil {
		return err
	}
	d, err := Open(ctx, c, "killed")
	if err != nil {
		return err
	}
	_, err = sqlmodel.Write(ctx, d, p, sqlmodel.Options{})
	return errors.Join(err, d.Close())
}

// killed: killed at any moment and run again, nothing is missing or doubled.
func killed(t *testing.T, c *pgx.ConnConfig) {
	plantest.KillAndRunAgain(t, sqlmodeltest.Logs, c.ConnString(), 5)
	d, p := open(t, c, "killed"), sqlmodeltest.Plan(t, sqlmodeltest.Logs)
	sqlmodeltest.Verify(t, d, p)
	if n := sqlmodeltest.Count(t, d, "SELECT count(*) FROM point"); n != p.Totals().Points {
		t.Errorf("%d points, want %d", n, p.Totals().Points)
	}
}

// crash kills a process of the server, which then ends all connections.
func crash(t *testing.T, pid int) {
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
}

// setting is one of the server's.
func setting(t *testing.T, c *pgx.ConnConfig, name string) (value string) {
	t.Helper()
	conn, err := pgx.ConnectConfig(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	if err := conn.QueryRow(t.Context(), "SHOW "+name).Scan(&value); err != nil {
		t.Fatal(err)
	}
	return value
}

// certificate makes one for 127.0.0.1, signed by itself.
func certificate(t *testing.T) (cert, key []byte) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	form := x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "127.0.0.1"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Unix(0, 0), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, &form, &form, &private.PublicKey, private)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret})
}

// secure has the server take the role "secret" by password and TLS only, and gives
// its certificate's file.
func secure(t *testing.T, c *pgx.ConnConfig) string {
	t.Helper()
	data := setting(t, c, "data_directory")
	info, err := os.Stat(data)
	if err != nil {
		t.Fatal(err)
	}
	owner := info.Sys().(*syscall.Stat_t)
	cert, key := certificate(t)
	write := func(path string, text []byte) {
		t.Helper()
		if err := errors.Join(os.WriteFile(path, text, 0o600), os.Lchown(path, int(owner.Uid), int(owner.Gid))); err != nil {
			t.Fatal(err)
		}
	}
	write(filepath.Join(data, "server.crt"), cert)
	write(filepath.Join(data, "server.key"), key)
	hba := "hostssl all secret all scram-sha-256\nhost all secret all reject\nhost all all all trust\nlocal all all trust\n"
	write(filepath.Join(data, "pg_hba.conf"), []byte(hba))
	exec(t, c, "CREATE ROLE secret LOGIN PASSWORD 'a b' SUPERUSER")
	exec(t, c, "ALTER SYSTEM SET ssl = on")
	exec(t, c, "SELECT pg_reload_conf()")
	root := filepath.Join(t.TempDir(), "root.crt")
	if err := os.WriteFile(root, cert, 0o600); err != nil {
		t.Fatal(err)
	}
	return root
}

// secured: passwords come from the environment, a password file or a service file,
// and TLS is what the modes of libpq say.
func secured(t *testing.T, c *pgx.ConnConfig) {
	root, dir := secure(t, c), t.TempDir()
	other, _ := certificate(t)
	files := map[string]string{
		"wrong.crt": string(other),
		"pgpass":    fmt.Sprintf("127.0.0.1:%d:*:secret:a b\n", c.Port),
		"services":  fmt.Sprintf("[runs]\nhost=127.0.0.1\nport=%d\ndbname=%s\nuser=secret\npassword=a b\nsslmode=verify-full\nsslrootcert=%s\n", c.Port, c.Database, root),
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	uri := fmt.Sprintf("postgresql://secret@127.0.0.1:%d/%s", c.Port, c.Database)
	for _, x := range []struct {
		name, dsn string
		env       map[string]string
		fails     string // in the error; empty: it works, with TLS
	}{
		{name: "PGPASSWORD", dsn: uri + "?sslmode=require", env: map[string]string{"PGPASSWORD": "a b"}},
		{name: "PGSSLMODE", dsn: uri, env: map[string]string{"PGPASSWORD": "a b", "PGSSLMODE": "require"}},
		{name: ".pgpass", dsn: uri + "?sslmode=require", env: map[string]string{"PGPASSFILE": filepath.Join(dir, "pgpass")}},
		{name: "service", dsn: "", env: map[string]string{"PGSERVICEFILE": filepath.Join(dir, "services"), "PGSERVICE": "runs"}},
		{name: "service in the DSN", dsn: "service=runs", env: map[string]string{"PGSERVICEFILE": filepath.Join(dir, "services")}},
		{name: "verified", dsn: uri + "?sslmode=verify-full&sslrootcert=" + root, env: map[string]string{"PGPASSWORD": "a b"}},
		{name: "another's certificate", dsn: uri + "?sslmode=verify-full&sslrootcert=" + filepath.Join(dir, "wrong.crt"),
			env: map[string]string{"PGPASSWORD": "a b"}, fails: "certificate"},
		{name: "without TLS", dsn: uri + "?sslmode=disable", env: map[string]string{"PGPASSWORD": "a b"}, fails: "rejects connection"},
		{name: "wrong password", dsn: uri + "?sslmode=require", env: map[string]string{"PGPASSWORD": "x"}, fails: "password authentication failed"},
		{name: "no password", dsn: uri + "?sslmode=require", fails: "password"},
	} {
		t.Run(x.name, func(t *testing.T) {
			for _, name := range []string{"PGPASSWORD", "PGSSLMODE", "PGSERVICE", "PGSERVICEFILE"} {
				t.Setenv(name, "")
			}
			t.Setenv("PGPASSFILE", filepath.Join(dir, "none"))
			for name, value := range x.env {
				t.Setenv(name, value)
			}
			config, err := Config(x.dsn)
			if err != nil {
				t.Fatal(err)
			}
			d, err := Open(t.Context(), config, "secured")
			if x.fails != "" {
				if err == nil || !strings.Contains(err.Error(), x.fails) || strings.ContainsAny(err.Error(), "\n") || strings.Contains(err.Error(), "a b") {
					t.Errorf("got %v", err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			defer d.Close()
			if n := sqlmodeltest.Count(t, d, "SELECT ssl::int FROM pg_stat_ssl WHERE pid = pg_backend_pid()"); n != 1 {
				t.Error("the connection has no TLS")
			}
		})
	}
}
