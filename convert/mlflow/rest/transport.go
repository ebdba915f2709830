package rest

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// newTransport makes connections as the configuration asks, enough of them to
// keep one for each call that is under way.
func newTransport(c *Config) (*http.Transport, error) {
	security, err := newTLS(c)
	if err != nil {
		return nil, err
	}
	dialer := &net.Dialer{Timeout: 30 * time.Second, KeepAlive: 30 * time.Second}
	return &http.Transport{
		Proxy: http.ProxyFromEnvironment,
		DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			conn, err := dialer.DialContext(ctx, network, address)
			if err != nil {
				return nil, err
			}
			return withQuickAck(conn), nil
		},
		TLSClientConfig:     security,
		TLSHandshakeTimeout: 30 * time.Second,
		MaxIdleConnsPerHost: 64,
		// A server that does not know the question is sent the bytes after that.
		ExpectContinueTimeout: time.Second,
		// Shorter than the keep-alive of uvicorn (5 s) and gunicorn (2 s): a
		// connection the server is about to close makes calls fail.
		IdleConnTimeout:    1500 * time.Millisecond,
		DisableCompression: false,
	}, nil
}

func newTLS(c *Config) (*tls.Config, error) {
	security := &tls.Config{InsecureSkipVerify: c.InsecureTLS, MinVersion: tls.VersionTLS12}
	if c.ServerCert != "" {
		pem, err := os.ReadFile(c.ServerCert)
		if err != nil {
			return nil, fmt.Errorf("MLFLOW_TRACKING_SERVER_CERT_PATH: %w", err)
		}
		security.RootCAs = x509.NewCertPool()
		if !security.RootCAs.AppendCertsFromPEM(pem) {
			return nil, fmt.Errorf("MLFLOW_TRACKING_SERVER_CERT_PATH: %s holds no certificate", c.ServerCert)
		}
	}
	if c.ServerCert == "" && c.CABundle != "" && !c.InsecureTLS {
		pool, err := readBundle(c.CABundle)
		if err != nil {
			return nil, err
		}
		security.RootCAs = pool
	}
	if c.ClientCert != "" {
		pair, err := tls.LoadX509KeyPair(c.ClientCert, c.ClientCert)
		if err != nil {
			return nil, fmt.Errorf("MLFLOW_TRACKING_CLIENT_CERT_PATH: %w", err)
		}
		security.Certificates = []tls.Certificate{pair}
	}
	return security, nil
}

// readBundle reads the certificates that Python's requests would trust: those of
// a file, or of the files in a directory.
func readBundle(name string) (*x509.CertPool, error) {
	files := []string{name}
	if entries, err := os.ReadDir(name); err == nil {
		files = nil
		for _, entry := range entries {
			files = append(files, filepath.Join(name, entry.Name()))
		}
	}
	pool, found := x509.NewCertPool(), false
	for _, file := range files {
		pem, err := os.ReadFile(file)
		if err != nil && len(files) == 1 {
			return nil, fmt.Errorf("REQUESTS_CA_BUNDLE or CURL_CA_BUNDLE: %w", err)
		}
		found = pool.AppendCertsFromPEM(pem) || found
	}
	if !found {
		return nil, fmt.Errorf("REQUESTS_CA_BUNDLE or CURL_CA_BUNDLE: %s holds no certificate", name)
	}
	return pool, nil
}

// RedirectError says that the server sent a call elsewhere. It is not
// followed: the other place must not see the credentials, and a POST would
// become a GET on the way.
type RedirectError struct {
	To    string // without what a call puts after a tracking URI
	Login bool   // To is no place of the API: a page to log in, perhaps
}

func (e *RedirectError) Error() string {
	if e.Login {
		return "the server redirects to " + e.To +
			": a page to log in? Then MLflow's API is behind it, and needs MLFLOW_TRACKING_TOKEN or another address"
	}
	return "the server redirects to " + e.To + ": is that the tracking URI to give?"
}

func noRedirect(request *http.Request, via []*http.Request) error {
	to := *request.URL
	to.User, to.RawQuery, to.Fragment = nil, "", ""
	moved := len(via) > 0 && to.Path == via[0].URL.Path // to another host or scheme
	base, _, api := strings.Cut(to.Path, "/api/")
	if api || moved {
		to.Path, to.RawPath = base, ""
	}
	return &RedirectError{to.String(), !api && !moved && to.Path != "" && to.Path != "/"}
}

// cause takes the URL off an error of an HTTP client: the call is named
// elsewhere, and without what the URL might hold.
func cause(err error) error {
	var wrapped *url.Error
	if errors.As(err, &wrapped) {
		return wrapped.Err
	}
	return err
}
