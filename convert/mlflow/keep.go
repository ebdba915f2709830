package mlflow

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"

	"tbexport/convert/mlflow/rest"
	"tbexport/convert/plan"
)

// keepKeys gives a run of the plan the keys that it has on the server already:
// those of its keys.json, or, without one, those that version 0.1 gave where
// the server has metrics or params of these. So a series goes on where it is,
// whatever other tags and rules there were when its run was begun. It reports
// whether keys of a keys.json are others than those planned.
func (m *migration) keepKeys(ctx context.Context, r *plan.Run, run *serverRun) (changed bool, err error) {
	if hasAllKeys(r, run) {
		return false, nil
	}
	keys, err := m.readKeysFile(ctx, run)
	if err != nil {
		return false, err
	}
	var kept plan.Kept
	if keys != nil {
		kept = keys.kept(r)
	} else {
		kept = keptOnServer(r, run)
	}
	return m.plan.KeepKeys(r, kept) && keys != nil, nil
}

// hasAllKeys says that every series and param of a run is on the server, called
// as it is planned.
func hasAllKeys(r *plan.Run, run *serverRun) bool {
	there := make(map[string]bool, len(run.Data.Metrics))
	for _, metric := range run.Data.Metrics {
		there[metric.Key] = true
	}
	for _, s := range r.Series {
		if !there[s.Key] {
			return false
		}
	}
	for _, p := range r.Params {
		if !p.Omitted && !hasKey(run.Data.Params, p.Key) {
			return false
		}
	}
	return true
}

// readKeysFile gives the keys.json of a run; nil: there is none, or it cannot be
// had.
func (m *migration) readKeysFile(ctx context.Context, run *serverRun) (*keysFile, error) {
	root, err := m.artifactRoot(run)
	if err == nil {
		var sizes map[string]int64
		if sizes, err = m.server.listArtifacts(ctx, run.Info.RunID, path.Dir(keysArtifact)); err != nil {
			err = m.unlisted(ctx, root, err)
		} else if _, ok := sizes[keysArtifact]; !ok {
			return nil, nil
		}
	}
	var text []byte
	if err == nil {
		text, err = m.server.getArtifact(ctx, root, keysArtifact)
		err = m.storeError(err)
	}
	if store := new(StoreError); errors.As(err, &store) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	keys := new(keysFile)
	if json.Unmarshal(text, keys) != nil || keys.Schema != 1 {
		return nil, nil // somebody else's
	}
	return keys, nil
}

// kept finds the series and params of a run in its keys.json.
func (k *keysFile) kept(r *plan.Run) plan.Kept {
	kept := plan.Kept{Series: make(map[*plan.Series]string), Params: make(map[string]string)}
	keys := make(map[[2]string]string, len(k.Metrics))
	for key, from := range k.Metrics {
		keys[[2]string{from.Run, from.Tag}] = key
	}
	for _, s := range r.Series {
		if key, ok := keys[[2]string{s.Source.Run.Name, s.Tag}]; ok {
			kept.Series[s] = key
		}
	}
	params := make(map[string][]string, len(k.Params)) // those of each name
	for key, name := range k.Params {
		params[name] = append(params[name], key)
	}
	for _, p := range r.Params {
		if keys := params[p.HParam.Name]; len(keys) == 1 && p.Wanted == p.HParam.Name {
			kept.Params[p.Wanted] = keys[0]
		}
	}
	return kept
}

// keptOnServer finds what version 0.1 called the series and params of a run
// among what the server has of it: it marked a key only where two names would
// have had the same one.
func keptOnServer(r *plan.Run, run *serverRun) plan.Kept {
	kept := plan.Kept{Series: make(map[*plan.Series]string), Params: make(map[string]string)}
	there := make(map[string]bool)
	for _, metric := range run.Data.Metrics {
		there[metric.Key] = true
	}
	wanted := make(map[string]int)
	for _, s := range r.Series {
		wanted[cleanName(s.Wanted)]++
	}
	for _, s := range r.Series {
		if key := cleanName(s.Wanted); key != s.Wanted && there[key] && !there[s.Key] && wanted[key] == 1 {
			kept.Series[s] = key
		}
	}
	clear(wanted)
	for _, p := range r.Params {
		wanted[cleanName(p.Wanted)]++
	}
	for _, p := range r.Params {
		key := cleanName(p.Wanted)
		if key != p.Wanted && hasKey(run.Data.Params, key) && !hasKey(run.Data.Params, p.Key) && wanted[key] == 1 {
			kept.Params[p.Wanted] = key
		}
	}
	return kept
}

func hasKey(pairs []pair, key string) bool {
	return slices.ContainsFunc(pairs, func(p pair) bool { return p.Key == key })
}

// getArtifact gives the content of an artifact below a root.
func (c *server) getArtifact(ctx context.Context, root, name string) ([]byte, error) {
	var content bytes.Buffer
	into := func(body io.Reader) error {
		content.Reset()
		_, err := content.ReadFrom(body)
		return err
	}
	err := c.Do(ctx,
		&rest.Call{Method: http.MethodGet, Path: rest.Artifacts + escape(path.Join(root, name)), Into: into})
	return content.Bytes(), err
}

// escape escapes each part of a path.
func escape(name string) string {
	parts := strings.Split(name, "/")
	for i := range parts {
		parts[i] = url.PathEscape(parts[i])
	}
	return strings.Join(parts, "/")
}
