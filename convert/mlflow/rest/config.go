package rest

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// Config says where a tracking server is and how to talk to it. It holds
// secrets and has no String.
type Config struct {
	TrackingURI string // http or https, its path is kept
	Username    string
	Password    string
	Token       string // a bearer token; a user name goes before it
	Workspace   string

	InsecureTLS bool   // do not check the server's certificate
	ServerCert  string // a file of certificates to trust, PEM
	CABundle    string // likewise, or a directory of such files, where ServerCert is empty
	ClientCert  string // a file with a certificate and its key, PEM

	Timeout time.Duration // of one call
	Retries int           // of one call, after the first attempt
	// Backoff times 2^(n-3) seconds are waited before the n-th retry, and up to
	// Jitter seconds more by chance, unless the server says how long.
	Backoff float64
	Jitter  float64
}

// The Python client's own (mlflow/environment_variables.py).
const (
	defaultTimeout = 120 * time.Second
	defaultRetries = 7
	mostRetries    = 10
	defaultBackoff = 2
	defaultJitter  = 1
)

// ErrNoTrackingURI says that nobody named a server.
var ErrNoTrackingURI = errors.New("which MLflow server? MLFLOW_TRACKING_URI is not set")

// FromEnvironment reads the variables that MLflow's Python client reads, and
// for the user and password also its file ~/.mlflow/credentials in the home
// directory, which may be empty. A uri goes before MLFLOW_TRACKING_URI.
func FromEnvironment(uri string, getenv func(string) string, home string) (Config, error) {
	c := Config{
		TrackingURI: uri,
		Token:       getenv("MLFLOW_TRACKING_TOKEN"),
		Workspace:   strings.TrimSpace(getenv("MLFLOW_WORKSPACE")),
		ServerCert:  getenv("MLFLOW_TRACKING_SERVER_CERT_PATH"),
		CABundle:    cmp.Or(getenv("REQUESTS_CA_BUNDLE"), getenv("CURL_CA_BUNDLE")),
		ClientCert:  getenv("MLFLOW_TRACKING_CLIENT_CERT_PATH"),
		Timeout:     defaultTimeout,
		Retries:     defaultRetries,
		Backoff:     defaultBackoff,
		Jitter:      defaultJitter,
	}
	if uri != "" && uriAdvice(uri) == "" {
		if u, err := url.Parse(uri); err == nil && u.User != nil {
			return c, fmt.Errorf("the tracking URI holds a user: set MLFLOW_TRACKING_USERNAME and " +
				"MLFLOW_TRACKING_PASSWORD instead")
		}
	} else if uri == "" {
		c.TrackingURI = getenv("MLFLOW_TRACKING_URI")
	}
	if c.TrackingURI == "" {
		return c, ErrNoTrackingURI
	}
	if err := c.readNumbers(getenv); err != nil {
		return c, err
	}
	stored := readCredentials(home)
	c.Username = cmp.Or(getenv("MLFLOW_TRACKING_USERNAME"), stored.username)
	c.Password = cmp.Or(getenv("MLFLOW_TRACKING_PASSWORD"), stored.password)
	if c.InsecureTLS && c.ServerCert != "" {
		return c, fmt.Errorf("MLFLOW_TRACKING_INSECURE_TLS and MLFLOW_TRACKING_SERVER_CERT_PATH are both set: they " +
			"contradict each other")
	}
	return c, nil
}

func (c *Config) readNumbers(getenv func(string) string) error {
	for _, v := range []struct {
		name  string
		least float64
		most  float64
		set   func(float64)
	}{
		{"MLFLOW_HTTP_REQUEST_TIMEOUT", 1e-3, 1e6,
			func(x float64) { c.Timeout = time.Duration(x * float64(time.Second)) }},
		{"MLFLOW_HTTP_REQUEST_MAX_RETRIES", 0, mostRetries, func(x float64) { c.Retries = int(x) }},
		{"MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR", 0, 120, func(x float64) { c.Backoff = x }},
		{"MLFLOW_HTTP_REQUEST_BACKOFF_JITTER", 0, 120, func(x float64) { c.Jitter = x }},
	} {
		text := getenv(v.name)
		if text == "" {
			continue
		}
		x, err := strconv.ParseFloat(text, 64)
		if err != nil || math.IsNaN(x) || x < v.least || x > v.most {
			return fmt.Errorf("%s=%s: want a number from %g to %g", v.name, text, v.least, v.most)
		}
		v.set(x)
	}
	switch text := getenv("MLFLOW_TRACKING_INSECURE_TLS"); strings.ToLower(text) {
	case "true", "1":
		c.InsecureTLS = true
	case "", "false", "0":
	default:
		return fmt.Errorf("MLFLOW_TRACKING_INSECURE_TLS=%s: want true or false", text)
	}
	return nil
}

// parseBase checks a tracking URI and takes the user and password out of it.
func parseBase(uri string) (*url.URL, *url.Userinfo, error) {
	// What does not parse is not shown: it may hold a password anywhere.
	if advice := uriAdvice(uri); advice != "" {
		return nil, nil, errors.New(advice)
	}
	if !strings.Contains(uri, "://") && !oneSlash.MatchString(uri) {
		return nil, nil, fmt.Errorf("the tracking URI is not that of a server: want http://HOST:PORT or https://HOST")
	}
	u, err := url.Parse(uri)
	if err != nil {
		return nil, nil, fmt.Errorf("the tracking URI is not a valid URI: want http://HOST:PORT or https://HOST")
	}
	user := u.User
	u.User, u.RawQuery, u.Fragment = nil, "", ""
	if u.Scheme != "http" && u.Scheme != "https" {
		return nil, nil,
			fmt.Errorf("tracking URI %s://...: only http:// and https:// servers can be written to", u.Scheme)
	}
	if u.Host == "" {
		return nil, nil, fmt.Errorf("the tracking URI has no host in it: want http://HOST:PORT or https://HOST")
	}
	u.Path = strings.TrimRight(u.Path, "/")
	u.RawPath = strings.TrimRight(u.RawPath, "/")
	return u, user, nil
}
