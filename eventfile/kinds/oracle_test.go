package kinds_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"

	"tbexport/eventfile/kinds"
	"tbexport/eventfile/tensor"
	"tbexport/eventfile/tfrecord"
	"tbexport/internal/peers"
	pb "tbexport/proto"
)

// TestOracle: everything that real writers and the odd logs hold comes out as Python's libraries see it.
func TestOracle(t *testing.T) {
	for name, dir := range map[string]func(testing.TB) string{
		"logs":   func(t testing.TB) string { return filepath.Join(peers.Root(t), "testdata", "logs") },
		"corpus": peers.Corpus,
	} {
		t.Run(name, func(t *testing.T) {
			dir := dir(t)
			python := peers.Python(t, peers.Readers)
			script := filepath.Join(peers.Root(t), "testdata", "oracle", "kinds.py")
			out, err := exec.Command(python, script, dir, "--table", "all").Output()
			if err != nil {
				t.Fatalf("kinds.py: %v", err)
			}
			theirs := make(map[string][]string)
			for lines := json.NewDecoder(bytes.NewReader(out)); lines.More(); {
				var r map[string]any
				if err := lines.Decode(&r); err != nil {
					t.Fatal(err)
				}
				table := r["table"].(string)
				for _, name := range []string{"table", "run", "wall_time"} {
					delete(r, name)
				}
				theirs[table] = append(theirs[table], marshal(t, r))
			}
			ours := read(t, dir)
			for _, table := range []string{"text", "histograms", "images", "audio", "pr_curves", "meshes", "tensors", "graphs", "layouts"} {
				compare(t, table, ours[table], theirs[table])
				if name == "logs" && len(ours[table]) < 10 {
					t.Errorf("%s: %d rows", table, len(ours[table]))
				}
			}
		})
	}
}

func marshal(t *testing.T, x any) string {
	t.Helper()
	b, err := json.Marshal(x)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// compare compares rows without their order.
func compare(t *testing.T, table string, rows []row, theirs []string) {
	var ours []string
	for _, r := range rows {
		ours = append(ours, marshal(t, jsonable(reflect.ValueOf(r))))
	}
	slices.Sort(ours)
	slices.Sort(theirs)
	t.Logf("%s: %d rows", table, len(ours))
	if len(ours) != len(theirs) {
		t.Errorf("%s: %d rows, want %d", table, len(ours), len(theirs))
	}
	for i := range min(len(ours), len(theirs)) {
		if ours[i] != theirs[i] {
			t.Fatalf("%s:\n%.600s\nwant\n%.600s", table, ours[i], theirs[i])
		}
	}
}

// jsonable is a value as kinds.py prints it.
func jsonable(v reflect.Value) any {
	switch v.Kind() {
	case reflect.Invalid:
		return nil
	case reflect.Interface:
		return jsonable(v.Elem())
	case reflect.Float64:
		switch f := v.Float(); {
		case f != f:
			return "NaN"
		case math.IsInf(f, 0):
			return map[bool]string{true: "Infinity", false: "-Infinity"}[f > 0]
		default:
			return f
		}
	case reflect.Slice:
		all := make([]any, v.Len())
		for i := range all {
			all[i] = jsonable(v.Index(i))
		}
		return all
	case reflect.Map:
		all := make(map[string]any)
		for _, key := range v.MapKeys() {
			all[key.String()] = jsonable(v.MapIndex(key))
		}
		return all
	}
	return v.Interface()
}

// row is one of a table, without its run and wall time.
type row map[string]any

func orNil(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func sum(b []byte) string {
	hash := sha256.Sum256(b)
	return hex.EncodeToString(hash[:])
}

func blob(b []byte) row { return row{"sha256": sum(b), "bytes": len(b)} }

// read gives the rows of all runs of a logdir, by table.
func read(t *testing.T, dir string) map[string][]row {
	t.Helper()
	runs := make(map[string]*run)
	tables := make(map[string][]row)
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.Contains(d.Name(), "tfevents") {
			return err
		}
		r := runs[filepath.Dir(path)]
		if r == nil {
			r = &run{tables: tables, plugins: make(map[string]string), contents: make(map[string][]byte), meshes: make(map[meshKey]*meshStep)}
			runs[filepath.Dir(path)] = r
		}
		return r.file(path)
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range runs {
		for _, row := range r.tensors { // the plugin of the tag, also where a later value says it
			row["plugin"] = orNil(r.plugins[row["tag"].(string)])
		}
		for key, step := range r.meshes {
			tables["meshes"] = append(tables["meshes"], step.rows(key)...)
		}
	}
	return tables
}

type run struct {
	tables   map[string][]row
	plugins  map[string]string // of each tag that one rules
	contents map[string][]byte // the plugin's, of each tag
	meshes   map[meshKey]*meshStep
	tensors  []row
}

// meshKey joins the parts of a mesh. No log here has two of one step.
type meshKey struct {
	name string
	step int64
}

type meshStep struct {
	points [4]kinds.MeshPoints // by part
	tags   [4]string
	config [4]string
}

func (m *meshStep) rows(key meshKey) (rows []row) {
	first := slices.IndexFunc(m.tags[:], func(tag string) bool { return tag != "" })
	list := func(points []float64) any {
		if points == nil {
			return nil
		}
		return points
	}
	for i, mesh := range kinds.JoinMeshes(m.points[kinds.Vertices], m.points[kinds.Faces], m.points[kinds.Colors]) {
		rows = append(rows, row{"tag": m.tags[first], "step": key.step, "name": key.name, "index": i, "config": orNil(m.config[first]),
			"vertices": list(mesh.Vertices), "faces": list(mesh.Faces), "colors": list(mesh.Colors)})
	}
	return rows
}

// mesh keeps a part of a mesh, and reports whether the value is one.
func (r *run) mesh(tag string, step int64, v *pb.Summary_Value) bool {
	content, err := kinds.DecodeMeshContent(r.contents[tag])
	if err != nil || content.Part == kinds.NoMeshPart {
		return false
	}
	points, err := kinds.DecodeMesh(v.GetTensor())
	if err != nil {
		return false
	}
	key := meshKey{content.Name, step}
	if r.meshes[key] == nil {
		r.meshes[key] = new(meshStep)
	}
	m := r.meshes[key]
	m.points[content.Part], m.tags[content.Part], m.config[content.Part] = points, tag, content.Config
	return true
}

func (r *run) file(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	for records := tfrecord.NewReader(f, info.Size(), tfrecord.Options{}); ; {
		b, err := records.Next()
		var damage *tfrecord.Damage
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case errors.As(err, &damage):
			continue
		case err != nil:
			return err
		}
		var event pb.Event
		if proto.Unmarshal(b, &event) == nil {
			r.event(&event)
		}
	}
}

func (r *run) event(e *pb.Event) {
	add := func(table, tag string, content row) {
		content["step"], content["tag"] = e.Step, orNil(tag)
		r.tables[table] = append(r.tables[table], content)
	}
	switch what := e.What.(type) {
	case *pb.Event_GraphDef:
		add("graphs", "", row{"what": kinds.GraphDef, "bytes": blob(what.GraphDef)})
	case *pb.Event_MetaGraphDef:
		add("graphs", "", row{"what": kinds.MetaGraphDef, "bytes": blob(what.MetaGraphDef)})
	case *pb.Event_TaggedRunMetadata:
		add("graphs", string(what.TaggedRunMetadata.Tag), row{"what": kinds.TaggedRunMetadata, "bytes": blob(what.TaggedRunMetadata.RunMetadata)})
	}
	for _, v := range e.GetSummary().GetValue() {
		tag := tensor.UTF8(v.Tag)
		if tag == "" {
			tag = tensor.UTF8(v.NodeName)
		}
		plugin := r.plugin(tag, v)
		if plugin == "mesh" && r.mesh(tag, e.Step, v) {
			continue
		}
		table, rows := rowsOf(v, plugin)
		for _, content := range rows {
			content["step"], content["tag"] = e.Step, tag
			if table == "tensors" {
				r.tensors = append(r.tensors, content)
			}
			r.tables[table] = append(r.tables[table], content)
		}
	}
}

// plugin is that of a tag: what the first of its values says that says anything.
func (r *run) plugin(tag string, v *pb.Summary_Value) string {
	if _, seen := r.contents[tag]; !seen && v.Metadata != nil {
		r.contents[tag] = v.Metadata.GetPluginData().GetContent()
	}
	if plugin, ruled := r.plugins[tag]; ruled {
		return plugin
	}
	if v.Metadata.GetDataClass() == 0 {
		switch v.Value.(type) {
		case *pb.Summary_Value_SimpleValue:
			r.plugins[tag] = "scalars"
		case *pb.Summary_Value_Histo, *pb.Summary_Value_ObsoleteOldStyleHistogram:
			r.plugins[tag] = "histograms"
		case *pb.Summary_Value_Image:
			r.plugins[tag] = "images"
		case *pb.Summary_Value_Audio:
			r.plugins[tag] = "audio"
		}
	}
	if _, ruled := r.plugins[tag]; !ruled && v.Metadata != nil {
		r.plugins[tag] = tensor.UTF8(v.Metadata.GetPluginData().GetPluginName())
	}
	return r.plugins[tag]
}

// rowsOf gives the rows of a value, without their place.
func rowsOf(v *pb.Summary_Value, plugin string) (table string, rows []row) {
	switch value := v.Value.(type) {
	case *pb.Summary_Value_Histo:
		h, err := kinds.DecodeOldHistogram(value.Histo)
		return "histograms", some(err, func() []row { return histogramRow(h) })
	case *pb.Summary_Value_Image:
		p, err := kinds.DecodeOldImage(value.Image)
		return "images", some(err, func() []row { return pictureRows([]kinds.Picture{p}) })
	case *pb.Summary_Value_Audio:
		c, err := kinds.DecodeOldAudio(value.Audio)
		return "audio", some(err, func() []row { return clipRows([]kinds.Clip{c}) })
	case *pb.Summary_Value_Tensor:
		table, rows, err := tensorRows(value.Tensor, plugin)
		if errors.Is(err, kinds.ErrOtherForm) {
			table, rows, err = otherRows(value.Tensor, plugin)
		}
		if err == nil {
			return table, rows
		}
	}
	return "", nil
}

func some(err error, rows func() []row) []row {
	if err != nil {
		return nil
	}
	return rows()
}

// tensorRows gives the rows of a tensor of its plugin's own form.
func tensorRows(b []byte, plugin string) (table string, rows []row, err error) {
	if what, ok := kinds.GraphOf(plugin); ok {
		g, err := kinds.DecodeGraph(b)
		return "graphs", []row{{"what": what, "bytes": blob(g)}}, err
	}
	switch plugin {
	case "text":
		text, err := kinds.DecodeText(b)
		for i, s := range text.Texts {
			rows = append(rows, row{"index": i, "shape": text.Shape, "text": s})
		}
		return "text", rows, err
	case "histograms":
		h, err := kinds.DecodeHistogram(b)
		return "histograms", histogramRow(h), err
	case "images":
		pictures, err := kinds.DecodeImage(b)
		return "images", pictureRows(pictures), err
	case "audio":
		clips, err := kinds.DecodeAudio(b)
		return "audio", clipRows(clips), err
	case "pr_curves":
		c, err := kinds.DecodePRCurve(b)
		return "pr_curves", []row{{"threshold": c.Threshold, "tp": c.TP, "fp": c.FP, "tn": c.TN, "fn": c.FN,
			"precision": c.Precision, "recall": c.Recall, "shown": c.Shown}}, err
	case "custom_scalars":
		charts, err := kinds.DecodeLayout(b)
		return "layouts", chartRows(charts), err
	case "hparams":
		return "", nil, nil
	}
	return "", nil, kinds.ErrOtherForm
}

func otherRows(b []byte, plugin string) (table string, rows []row, err error) {
	d, err := tensor.Decode(b)
	if err != nil {
		return "", nil, err
	}
	if plugin == "scalars" && d.Real() && d.Len() == 1 {
		return "scalars", nil, nil
	}
	r := row{"plugin": orNil(plugin), "dtype": d.DType.String(), "shape": d.Shape, "values": nil, "strings": nil, "bytes": nil}
	if d.Real() {
		r["values"] = d.Floats()
	}
	if d.IsString() {
		r["strings"] = d.Strings()
	}
	if bytes := d.Bytes(); bytes != nil || !d.IsString() {
		r["bytes"] = blob(bytes)
	}
	return "tensors", []row{r}, nil
}

func histogramRow(h kinds.Histogram) []row {
	r := row{"left": h.Left, "right": h.Right, "count": h.Count, "min": nil, "max": nil, "num": nil, "sum": nil, "sum_squares": nil}
	if h.Old {
		r["min"], r["max"], r["num"], r["sum"], r["sum_squares"] = h.Min, h.Max, h.Num, h.Sum, h.SumSquares
	}
	return []row{r}
}

func pictureRows(pictures []kinds.Picture) (rows []row) {
	for i, p := range pictures {
		rows = append(rows, row{"index": i, "width": p.Width, "height": p.Height, "format": orNil(p.Format), "sha256": sum(p.Bytes), "image": blob(p.Bytes)})
	}
	return rows
}

func clipRows(clips []kinds.Clip) (rows []row) {
	for i, c := range clips {
		r := row{"index": i, "sample_rate": nil, "channels": nil, "frames": nil, "content_type": orNil(c.ContentType), "label": nil,
			"sha256": sum(c.Bytes), "audio": blob(c.Bytes)}
		if c.Known {
			r["sample_rate"], r["channels"], r["frames"] = c.SampleRate, c.Channels, c.Frames
		}
		if c.Labelled {
			r["label"] = c.Label
		}
		rows = append(rows, r)
	}
	return rows
}

func chartRows(charts []kinds.Chart) (rows []row) {
	for _, c := range charts {
		series := []any{}
		for _, s := range c.Series {
			r := map[string]any{"value": s.Value, "lower": nil, "upper": nil}
			if c.Kind == kinds.Margin {
				r["lower"], r["upper"] = s.Lower, s.Upper
			}
			series = append(series, r)
		}
		rows = append(rows, row{"category": c.Category, "chart": c.Title, "kind": orNil(string(c.Kind)), "series": series})
	}
	return rows
}
