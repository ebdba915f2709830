package mlflow

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"

	"tbexport/convert/mlflow/rest"
	"tbexport/convert/plan"
)

// UnkeptFile is an artifact that the server, or a proxy before it, refused. The
// run is complete without it, its tag tbexport.artifacts_missing names it, and the
// next migration tries it again.
type UnkeptFile struct {
	Name  string
	Bytes int64
	Err   error // nil: an earlier migration met it
}

// TooLarge says that it was refused for its size.
func (f UnkeptFile) TooLarge() bool {
	var api *rest.APIError
	return errors.As(f.Err, &api) && api.Status == http.StatusRequestEntityTooLarge
}

// refusedUpload says that an upload failed for what is uploaded, and that other
// files and the run's points may fare better.
func refusedUpload(err error) bool {
	var api *rest.APIError
	if !errors.As(err, &api) {
		return false
	}
	switch api.Status {
	case http.StatusUnauthorized, http.StatusRequestTimeout, http.StatusTooManyRequests:
		return false
	case http.StatusNotImplemented, http.StatusInsufficientStorage:
		return true
	case http.StatusInternalServerError: // what the server says, after tries, of a store that it has no access to
		return true
	}
	return api.Status >= 400 && api.Status < 500
}

// mostLostPuts is how many uploads in a row fail within the server before the next
// ones are tried once: it has no access to its store, as a rule.
const mostLostPuts = 3

// put uploads an artifact; after many that failed within the server it tries once.
func (m *migration) put(ctx context.Context, root string, u upload) error {
	tries := uint(0)
	if m.lostPuts.Load() >= mostLostPuts {
		tries = 1
	}
	err := m.storeError(m.server.put(ctx, root, u, tries))
	if internal(err) {
		m.lostPuts.Add(1)
	} else {
		m.lostPuts.Store(0)
	}
	return err
}

// putAll uploads artifacts, and gives those that are refused.
func (m *migration) putAll(ctx context.Context, root string, wanted []upload) (refused []UnkeptFile, err error) {
	for _, u := range wanted {
		err := m.put(ctx, root, u)
		if refusedUpload(err) {
			refused = append(refused, UnkeptFile{u.name, u.bytes, err})
			continue
		}
		if err != nil {
			return refused, err
		}
	}
	return refused, nil
}

// unkeptNames are the names in the tag of a run.
func (r *serverRun) unkeptNames() []string {
	if text := r.tag(tagUnkept); text != "" {
		return strings.Split(text, "\n")
	}
	return nil
}

// manyMedia stands in that tag for more than mostNamedMedia names of media.
const (
	manyMedia      = "media"
	mostNamedMedia = 20
)

// unkeptTag is the value of that tag.
func unkeptTag(files []UnkeptFile) string {
	names, media := make([]string, 0, len(files)), 0
	for _, f := range files {
		if names = append(names, f.Name); isMediaPath(f.Name) {
			media++
		}
	}
	if media > mostNamedMedia {
		names = append(slices.DeleteFunc(names, isMediaPath), manyMedia)
	}
	text := strings.Join(names, "\n")
	for len(names) > 0 && plan.Cut(text, longestTag) != text {
		names = names[:len(names)-1]
		text = strings.Join(names, "\n")
	}
	return text
}

// setUnkept makes the tag of a run say which files were refused.
func (m *migration) setUnkept(ctx context.Context, run *serverRun, files []UnkeptFile) error {
	return m.server.setTag(ctx, run, tagUnkept, unkeptTag(files))
}

// tryUnkept uploads what was refused when the run was completed.
func (m *migration) tryUnkept(ctx context.Context, r *plan.Run, run *serverRun, result *RunResult) error {
	names := run.unkeptNames()
	if len(names) == 0 {
		return nil
	}
	wanted, err := uploads(r)
	if err != nil {
		return err
	}
	wanted = slices.DeleteFunc(wanted, func(u upload) bool { return !slices.Contains(names, u.name) })
	root, err := m.artifactRoot(run)
	if err == nil {
		result.Unkept, err = m.putAll(ctx, root, wanted)
	}
	if store := new(StoreError); errors.As(err, &store) {
		return nil
	}
	if err == nil &&
		slices.ContainsFunc(names, func(name string) bool { return name == manyMedia || isMediaPath(name) }) {
		err = m.keepMedia(ctx, r, run, false, result)
		result.Differences = append(result.Differences, result.mediaDifferences...)
	}
	if err != nil {
		return err
	}
	return m.setUnkept(ctx, run, result.Unkept)
}

// withoutUnkept leaves out the uploads that are not there for being refused:
// now, or, where a run is only read, as its tag says.
func withoutUnkept(wanted []upload, run *serverRun, result *RunResult) []upload {
	if result.Outcome == Verified {
		for _, name := range run.unkeptNames() {
			if i := slices.IndexFunc(wanted, func(u upload) bool { return u.name == name }); i >= 0 {
				result.Unkept = append(result.Unkept, UnkeptFile{Name: name, Bytes: wanted[i].bytes})
			}
		}
	}
	return slices.DeleteFunc(wanted, func(u upload) bool {
		return slices.ContainsFunc(result.Unkept, func(f UnkeptFile) bool { return f.Name == u.name })
	})
}
