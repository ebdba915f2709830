package rest

import (
	"regexp"
	"strings"
)

var (
	databricksURI = regexp.MustCompile(`^databricks(-uc)?(://.*)?$`)
	databaseURI   = regexp.MustCompile(`^(postgresql|postgres|mysql|mariadb|sqlite|mssql|oracle)(\+\w+)?://`)
	hostAndPort   = regexp.MustCompile(`^[\w.-]+:\d{1,5}(/[\w./-]*)?$`)
	ipv6AndPort   = regexp.MustCompile(`^\[[\da-fA-F:.]+\](:\d{1,5})?(/[\w./-]*)?$`)
	bareHost      = regexp.MustCompile(`^(localhost|\d{1,3}(\.\d{1,3}){3}|[\w-]+(\.[\w-]+)+\.?[a-z]{2,})(/[\w./-]*)?$`)
	oneSlash      = regexp.MustCompile(`^https?:/`) // or more
	windowsPath   = regexp.MustCompile(`^[A-Za-z]:[\\/]`)
)

// uriAdvice says what to give in place of a tracking URI that MLflow's Python
// client takes, and that is no server's; empty: it may be one's. What may hold a
// password is not repeated.
func uriAdvice(uri string) string {
	switch {
	case databricksURI.MatchString(uri):
		return "the tracking URI is Databricks' own word for a workspace, and only its address can be written to: " +
			"give https://WORKSPACE (as https://adb-1234567890123456.7.azuredatabricks.net), set " +
			"MLFLOW_TRACKING_TOKEN to a personal access token, " +
			"and name the experiment by its path, as /Users/you@example.com/logs"
	case databaseURI.MatchString(uri):
		scheme := databaseURI.FindStringSubmatch(uri)[1]
		return "the tracking URI is that of a database, and only a server can be written to: start one with " +
			"mlflow server --backend-store-uri '" + scheme + "://...', and give its address, as http://127.0.0.1:5000"
	case strings.HasPrefix(uri, "arn:"):
		return "the tracking URI is Amazon's own word for a server, and calls to it are signed in a way that this " +
			"program does not know: " +
			"only http:// and https:// servers can be written to"
	case oneSlash.MatchString(uri):
		return ""
	case strings.HasPrefix(uri, "//"):
		return "the tracking URI lacks http: (or https:) before the slashes"
	case strings.HasPrefix(uri, "file:"), windowsPath.MatchString(uri):
		return directoryAdvice("the directory")
	case uri == "localhost", uri == "127.0.0.1":
		return "the tracking URI lacks http:// and the port: give http://" + uri +
			":5000, if the server has MLflow's own port"
	case ipv6AndPort.MatchString(uri), hostAndPort.MatchString(uri),
		bareHost.MatchString(uri) && !strings.HasPrefix(uri, "."):
		return "the tracking URI lacks http://: give http://" + uri + " (or https://)"
	case !strings.Contains(uri, "://") && !strings.ContainsAny(uri, "@") &&
		(strings.ContainsAny(uri, `/\\`) || strings.HasPrefix(uri, ".") || uri == "mlruns"):
		return directoryAdvice(uri)
	}
	return ""
}

func directoryAdvice(dir string) string {
	return "the tracking URI is a directory, and only a server can be written to: start one on " + dir + " with " +
		"mlflow server --backend-store-uri " + strings.Replace(dir, "the directory", "DIRECTORY", 1) +
		" (newer ones want MLFLOW_ALLOW_FILE_STORE=true for that), and give its address, as http://127.0.0.1:5000"
}
