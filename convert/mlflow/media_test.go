package mlflow

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/image/webp"
	"google.golang.org/protobuf/encoding/protowire"

	"tbexport/convert/mlflow/mlflowtest"
	"tbexport/convert/plan"
	"tbexport/eventfile/eventfiletest"
	pb "tbexport/proto"
)

// What follows makes values that are no points.

func picture(width, height int, shade uint8) image.Image {
	m := image.NewNRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			m.Set(x, y, color.NRGBA{uint8(x), uint8(y), shade, 255})
		}
	}
	return m
}

func encodedAs(t testing.TB, format string, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	err := map[string]func() error{
		"png":  func() error { return png.Encode(&b, m) },
		"jpeg": func() error { return jpeg.Encode(&b, m, nil) },
		"gif":  func() error { return gif.Encode(&b, m, nil) },
	}[format]()
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func bytesOf(number protowire.Number, content []byte) []byte {
	return protowire.AppendBytes(protowire.AppendTag(nil, number, protowire.BytesType), content)
}

func imageValue(tag string, encoded []byte) []byte {
	return eventfiletest.Image(tag, bytesOf(4, encoded))
}

func imagesValue(tag string, pictures ...[]byte) []byte {
	tensor := &pb.TensorProto{Dtype: pb.DataType_DT_STRING, StringVal: append([][]byte{[]byte("8"), []byte("8")}, pictures...),
		TensorShape: &pb.TensorShapeProto{Dim: []*pb.TensorShapeProto_Dim{{Size: int64(len(pictures)) + 2}}}}
	return eventfiletest.Tensor(tag, "images", nil, eventfiletest.Encode(tensor))
}

func clipValue(tag string) []byte {
	wave := append([]byte("RIFF\x24\x00\x00\x00WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00\x40\x1f\x00\x00\x80\x3e\x00\x00\x02\x00\x10\x00data\x00\x00\x00\x00"), tag...)
	clip := append(bytesOf(4, wave), bytesOf(5, []byte("audio/wav"))...)
	return append(bytesOf(1, []byte(tag)), bytesOf(6, clip)...)
}

func histogramValue(tag string, scale float64) []byte {
	h := &pb.HistogramProto{Min: -scale, Max: scale, Num: 3, Sum: 1, SumSquares: 2, BucketLimit: []float64{0, scale}, Bucket: []float64{1, 2}}
	return append(bytesOf(1, []byte(tag)), bytesOf(5, eventfiletest.Encode(h))...)
}

func curveValue(tag string) []byte {
	numbers := make([]float32, 18)
	for i := range numbers {
		numbers[i] = float32(i) / 4
	}
	tensor := &pb.TensorProto{Dtype: pb.DataType_DT_FLOAT, FloatVal: numbers,
		TensorShape: &pb.TensorShapeProto{Dim: []*pb.TensorShapeProto_Dim{{Size: 6}, {Size: 3}}}}
	return eventfiletest.Tensor(tag, "pr_curves", nil, eventfiletest.Encode(tensor))
}

// writeMedia puts an event file of values at some steps below a logdir.
func writeMedia(t testing.TB, logdir, run, file string, from, to int, values func(step int) [][]byte) {
	t.Helper()
	var events []eventfiletest.Event
	for step := from; step < to; step++ {
		var all []eventfiletest.Value
		for _, v := range values(step) {
			all = append(all, v)
		}
		events = append(events, eventfiletest.Summary(1000+float64(step), int64(step), all...))
	}
	eventfiletest.Write(t, logdir, eventfiletest.Tree{run + "/events.out.tfevents." + file: eventfiletest.File(events...)})
}

// allMedia are values of each kind.
func allMedia(t testing.TB) func(step int) [][]byte {
	return func(step int) [][]byte {
		return [][]byte{
			eventfiletest.Scalar("loss", float32(step)),
			imageValue("val/picture", encodedAs(t, "png", picture(8, 6, uint8(step)))),
			imageValue("photo (ü)", encodedAs(t, "jpeg", picture(300, 200, uint8(step)))),
			imagesValue("several", encodedAs(t, "gif", picture(9, 9, 1)), encodedAs(t, "png", picture(9, 9, uint8(step)))),
			imageValue("broken", []byte("\x89PNG\r\n\x1a\nno picture")),
			eventfiletest.Text("note/a", fmt.Sprintf("# Step %d", step)), eventfiletest.Text("table", "a|b", "c\nd"),
			clipValue("voice"), histogramValue("weights/1", float64(step+1)), curveValue("pr"),
		}
	}
}

// artifactsOf are the artifacts of a run of the fake, by name.
func (f *fake) artifactsOf(id string) map[string][]byte {
	f.mu.Lock()
	defer f.mu.Unlock()
	of := make(map[string][]byte)
	for name, content := range f.artifacts {
		if name, ok := strings.CutPrefix(name, "1/"+id+"/artifacts/"); ok {
			of[name] = content
		}
	}
	return of
}

// gridPicture is what MLflow's page makes of the name of a file in images
// (ImageReducer.ts); ok is false where it would show no picture of the run.
func gridPicture(name string) (key string, step, ms int64, id, extension string, small, ok bool) {
	at := strings.LastIndexByte(name, '.')
	name, extension = name[:max(at, 0)], name[at+1:]
	parts := strings.Split(name, "+")
	if strings.Contains(name, "%") || len(parts) < 6 || parts[1] != "step" || parts[3] != "timestamp" {
		return
	}
	step, err := strconv.ParseInt(parts[2], 10, 64)
	ms, err2 := strconv.ParseInt(parts[4], 10, 64)
	return strings.ReplaceAll(parts[0], "~", "/"), step, ms, parts[5], extension, len(parts) == 7 && parts[6] == "compressed", err == nil && err2 == nil
}

// Every kind of media is where MLflow's page looks for it, byte by byte as it is in
// the logs.
func TestMedia(t *testing.T) {
	f, logdir := newFake(t), t.TempDir()
	writeMedia(t, logdir, "a", "1", 0, 3, allMedia(t))
	result := mustMigrate(t, f.URL, makePlan(t, logdir, everything), Created)
	run, media := result.Runs[0], result.Runs[0].Media
	if media.Plain != 3 || media.Unlisted+media.LeftOut != 0 || media.Sent != 3*(1+1+2+1+2+1)+2 || len(run.Notes) > 0 {
		t.Errorf("%+v, %v", media, run.Notes)
	}
	files := f.artifactsOf(run.RunID)
	keys := make(map[string]int)
	small := 0
	for name, content := range files {
		if path.Dir(name) != gridDir {
			continue
		}
		key, step, ms, _, extension, compressed, ok := gridPicture(path.Base(name))
		switch {
		case !ok || ms != 1000*(1000+step):
			t.Errorf("the page does not take %s", name)
		case compressed:
			if m, err := webp.Decode(bytes.NewReader(content)); err != nil || max(m.Bounds().Dx(), m.Bounds().Dy()) != 256 || extension != "webp" {
				t.Errorf("%s: %v", name, err)
			}
			small++
			continue
		}
		keys[key]++
		if want := encodedAs(t, "png", picture(8, 6, uint8(step))); key == "val/picture" && !bytes.Equal(content, want) {
			t.Errorf("%s has other bytes", name)
		}
		if want := encodedAs(t, "jpeg", picture(300, 200, uint8(step))); strings.HasPrefix(key, "photo") && !bytes.Equal(content, want) {
			t.Errorf("%s has other bytes", name)
		}
	}
	if want := map[string]int{"val/picture": 3, "photo ___" + plan.Mark("photo (ü)"): 3, "several/0": 3, "several/1": 3}; fmt.Sprint(keys) != fmt.Sprint(want) || small != 12 {
		t.Errorf("pictures %v, want %v; %d small ones", keys, want, small)
	}
	for name, want := range map[string]string{
		"media/text/note/a/step_000000002.md":    "# Step 2",
		"media/text/table/step_000000000.md":     "| |\n|---|\n| a\\|b |\n| c<br>d |\n",
		"media/images/broken/step_000000001.png": "\x89PNG\r\n\x1a\nno picture",
		"media/histograms/weights/1.json": `{"columns":["step","time","num","min","max","left","right","count"],"data":[` +
			`[0,"1970-01-01T00:16:40.000Z",3,-1,1,[-1,0],[0,1],[1,2]],[1,"1970-01-01T00:16:41.000Z",3,-2,2,[-2,0],[0,2],[1,2]],[2,"1970-01-01T00:16:42.000Z",3,-3,3,[-3,0],[0,3],[1,2]]]}` + "\n",
	} {
		if string(files[name]) != want {
			t.Errorf("%s: %q", name, files[name])
		}
	}
	if wave := files["media/audio/voice/step_000000001.wav"]; !bytes.HasPrefix(wave, []byte("RIFF")) {
		t.Errorf("no sound: %q", wave)
	}
	var curve struct {
		Columns []string
		Data    [][]any
	}
	if err := json.Unmarshal(files["media/pr_curves/pr.json"], &curve); err != nil || len(curve.Columns) != 9 || len(curve.Data) != 9 {
		t.Errorf("%v, %v", err, curve)
	}
	there := f.runs[run.RunID]
	if there.tag(tagImages) != "true" || there.tag(tagTables) != `[{"path": "media/histograms/weights/1.json", "type": "table"}, {"path": "media/pr_curves/pr.json", "type": "table"}]` {
		t.Errorf("%q, %q", there.tag(tagImages), there.tag(tagTables))
	}
	verified, err := Verify(t.Context(), f.client(t), makePlan(t, logdir, everything), Options{Experiment: "e"})
	if err != nil || !verified.Good() || len(verified.Runs[0].Theirs) > 0 {
		t.Errorf("%v, %v, %v", err, verified.Runs[0].Differences, verified.Runs[0].Theirs)
	}
}

// A second migration makes no call about media, and one of grown logs sends what
// is new.
func TestMediaAgain(t *testing.T) {
	f, logdir := newFake(t), t.TempDir()
	writeMedia(t, logdir, "a", "1", 0, 3, allMedia(t))
	id := mustMigrate(t, f.URL, makePlan(t, logdir, everything), Created).Runs[0].RunID
	before := f.artifactsOf(id)
	count := func() int {
		return f.count("PUT artifact") + f.count("GET artifact") + f.count("artifacts/list") + f.count("runs/get")
	}
	calls := count()
	mustMigrate(t, f.URL, makePlan(t, logdir, everything), Skipped)
	if n := count() - calls; n > 0 {
		t.Errorf("%d calls for what is complete", n)
	}
	writeMedia(t, logdir, "a", "2", 3, 4, allMedia(t))
	result := mustMigrate(t, f.URL, makePlan(t, logdir, everything), Completed)
	if n := result.Runs[0].Media.Sent; n != 8+2 { // one of each, and the tables anew
		t.Errorf("%d media sent", n)
	}
	after := f.artifactsOf(id)
	for name, content := range before {
		if strings.HasPrefix(name, mediaDir+"/histograms") || strings.HasPrefix(name, mediaDir+"/pr_curves") {
			continue
		}
		if !bytes.Equal(after[name], content) {
			t.Errorf("%s is another one", name)
		}
	}
	if n := len(after) - len(before); n != 1+2*4+1+2+1 { // the event file, pictures twice, and others
		t.Errorf("%d artifacts more", n)
	}
	// Without media nothing of them is taken away, and nothing sent.
	o := everything
	o.Media = nil
	if result, err := migrate(t, f.URL, makePlan(t, logdir, o)); err != nil || result.Runs[0].Media.Sent != 0 || len(f.artifactsOf(id)) != len(after) {
		t.Errorf("%v, %+v", err, result.Runs[0])
	}
}

// Verify finds what is missing, what is another one, and what people added; the
// entries of people in the tags of the page stay.
func TestMediaVerified(t *testing.T) {
	f, logdir := newFake(t), t.TempDir()
	writeMedia(t, logdir, "a", "1", 0, 2, allMedia(t))
	id := mustMigrate(t, f.URL, makePlan(t, logdir, everything), Created).Runs[0].RunID
	root, run := "1/"+id+"/artifacts/", f.runs[id]
	theirs := `[{"path": "mine.json", "type": "table"}, {"path": "x", "type": "other", "more": 1}]`
	run.Data.Tags = append(slices.DeleteFunc(run.Data.Tags, func(p pair) bool { return p.Key == tagTables }), pair{tagTables, theirs})
	writeMedia(t, logdir, "a", "2", 2, 3, allMedia(t))
	mustMigrate(t, f.URL, makePlan(t, logdir, everything), Completed)
	if got := run.tag(tagTables); !strings.HasPrefix(got, theirs[:len(theirs)-1]+", {") || !strings.Contains(got, "pr.json") {
		t.Errorf("%s", got)
	}
	var gone, other, tiny string
	for name := range f.artifactsOf(id) {
		switch key, step, _, _, _, small, _ := gridPicture(path.Base(name)); {
		case key == "val/picture" && step == 0 && !small:
			gone = name
		case key == "val/picture" && step == 1 && !small:
			other = name
		case key == "val/picture" && step == 2 && small:
			tiny = name
		}
	}
	delete(f.artifacts, root+gone)
	f.artifacts[root+other] = bytes.ToUpper(f.artifacts[root+other])
	f.artifacts[root+tiny] = []byte("none")
	f.artifacts[root+"media/audio/voice/step_000000000.wav"] = []byte("short")
	f.artifacts[root+"images/mine+step+1+timestamp+1+x.png"] = []byte("mine")
	result, err := Verify(t.Context(), f.client(t), makePlan(t, logdir, everything), Options{Experiment: "e"})
	if err != nil {
		t.Fatal(err)
	}
	var keys, added []string
	for _, d := range result.Runs[0].Differences {
		keys = append(keys, d.What+" "+d.Key)
	}
	for _, d := range result.Runs[0].Theirs {
		added = append(added, d.What+" "+d.Key)
	}
	want := []string{"artifact " + gone, "artifact " + other, "artifact " + tiny, "artifact media/audio/voice/step_000000000.wav"}
	slices.Sort(want)
	if !slices.Equal(keys, want) {
		t.Errorf("differences %q, want %q", keys, want)
	}
	if !slices.Equal(added, []string{"artifact images/mine+step+1+timestamp+1+x.png", "table mine.json"}) {
		t.Errorf("additions %q", added)
	}
	undone, err := Undo(t.Context(), f.client(t), makePlan(t, logdir, everything), Options{Experiment: "e"}, true)
	if err != nil || undone.Runs[0].Outcome != Kept {
		t.Errorf("%v, %s", err, undone.Runs[0].Outcome)
	}
	delete(f.artifacts, root+"images/mine+step+1+timestamp+1+x.png")
	run.Data.Tags = slices.DeleteFunc(run.Data.Tags, func(p pair) bool { return p.Key == tagTables })
	if undone, err = Undo(t.Context(), f.client(t), makePlan(t, logdir, everything), Options{Experiment: "e"}, true); err != nil || undone.Runs[0].Outcome != Removed {
		t.Errorf("%v, %+v", err, undone.Runs[0])
	}
}

// What the server refuses is told of and tried again; the run is complete without
// it.
func TestRefusedMedia(t *testing.T) {
	f, logdir := newFake(t), t.TempDir()
	large := func(step int) [][]byte {
		return [][]byte{imageValue("p", encodedAs(t, "jpeg", picture(600, 600, uint8(step)))), eventfiletest.Text("n", strings.Repeat("x", 6000))}
	}
	writeMedia(t, logdir, "a", "1", 0, 15, large)
	o := everything
	o.Files = false
	f.mostBytes = 5000
	result := mustMigrate(t, f.URL, makePlan(t, logdir, o), Created)
	run := f.runs[result.Runs[0].RunID]
	if n := len(result.Runs[0].Unkept); n != 30 || run.tag(tagUnkept) != manyMedia || run.tag(tagState) != stateComplete || run.tag(tagImages) != "" {
		t.Fatalf("%d refused, %v", n, run.Data.Tags)
	}
	verified, err := Verify(t.Context(), f.client(t), makePlan(t, logdir, o), Options{Experiment: "e"})
	if err != nil || !verified.Good() || len(verified.Runs[0].Unkept) != 30 {
		t.Errorf("%v, %+v", err, verified.Runs[0])
	}
	f.mostBytes = 0
	again := mustMigrate(t, f.URL, makePlan(t, logdir, o), Skipped)
	if again.Runs[0].Media.Sent != 30 || run.tag(tagUnkept) != "" || run.tag(tagImages) != "true" {
		t.Errorf("%+v, %v", again.Runs[0].Media, run.Data.Tags)
	}
	if verified, err = Verify(t.Context(), f.client(t), makePlan(t, logdir, o), Options{Experiment: "e"}); err != nil || !verified.Good() || len(verified.Runs[0].Unkept) != 0 {
		t.Errorf("%v, %+v", err, verified.Runs[0])
	}
}

// A server that keeps no artifacts gets the rest, and it is said once.
func TestMediaWithoutStore(t *testing.T) {
	f, logdir := newFake(t), t.TempDir()
	f.store = "s3://bucket/"
	writeMedia(t, logdir, "a", "1", 0, 2, allMedia(t))
	o := everything
	o.Files = false
	result := mustMigrate(t, f.URL, makePlan(t, logdir, o), Created)
	if notes := result.Runs[0].Notes; len(notes) != 1 || !strings.HasPrefix(notes[0], "no artifacts were kept: ") {
		t.Errorf("%q", notes)
	}
	mustMigrate(t, f.URL, makePlan(t, logdir, o), Skipped)
}

// Of more pictures than are wanted, some are sent evenly over the steps, and no
// others later; the logs may grow.
func TestMostImages(t *testing.T) {
	f, logdir := newFake(t), t.TempDir()
	o := everything
	o.MostImages = 10
	steps := func(id string) (all []int64) {
		for name := range f.artifactsOf(id) {
			if _, step, _, _, _, small, ok := gridPicture(path.Base(name)); ok && !small {
				all = append(all, step)
			}
		}
		slices.Sort(all)
		return all
	}
	pictures := func(step int) [][]byte {
		return [][]byte{imageValue("p", encodedAs(t, "png", picture(2, 2, uint8(step))))}
	}
	writeMedia(t, logdir, "a", "1", 0, 100, pictures)
	planned := makePlan(t, logdir, o)
	if sent, all := planned.Runs[0].Images(); sent != 10 || all != 100 || TotalsOf(planned).Images != 10 {
		t.Errorf("%d of %d planned", sent, all)
	}
	id := mustMigrate(t, f.URL, planned, Created).Runs[0].RunID
	if got := steps(id); !slices.Equal(got, []int64{0, 11, 22, 33, 44, 55, 66, 77, 88, 99}) {
		t.Errorf("sent %v", got)
	}
	wantGood := func() {
		t.Helper()
		result, err := Verify(t.Context(), f.client(t), makePlan(t, logdir, o), Options{Experiment: "e"})
		if err != nil || !result.Good() || len(result.Runs[0].Theirs) > 0 {
			t.Errorf("%v, %+v", err, result.Runs[0])
		}
	}
	wantGood()
	for n := 110; n <= 400; n += 10 {
		writeMedia(t, logdir, "a", strconv.Itoa(n), n-10, n, pictures)
		mustMigrate(t, f.URL, makePlan(t, logdir, o), Completed)
	}
	got := steps(id)
	if len(got) > 30 || got[len(got)-1] < 360 {
		t.Errorf("grown: %v", got)
	}
	wantGood()
	// More of them are wanted: all that are not there.
	o.MostImages = 0
	if result := mustMigrate(t, f.URL, makePlan(t, logdir, o), Completed); result.Runs[0].Media.Sent != int64(400-len(got)) {
		t.Errorf("%+v", result.Runs[0].Media)
	}
	wantGood()
}

// A server before MLflow 2.19 gets pictures as plain artifacts, and a newer one
// that it becomes has them in its grid.
func TestMediaWithoutGrid(t *testing.T) {
	f, logdir := newFake(t), t.TempDir()
	writeMedia(t, logdir, "a", "1", 0, 2, allMedia(t))
	old := func(o *Options) { o.Limits.NoGrid = true }
	id := mustMigrate(t, f.URL, makePlan(t, logdir, everything), Created, old).Runs[0].RunID
	files := f.artifactsOf(id)
	for name := range files {
		if strings.HasPrefix(name, gridDir+"/") {
			t.Errorf("%s is in the grid", name)
		}
	}
	if f.runs[id].tag(tagImages) != "" || len(files["media/images/several/step_000000001_1.png"]) == 0 || len(files["media/images/several/step_000000001_0.gif"]) == 0 {
		t.Errorf("%v", files)
	}
	mustMigrate(t, f.URL, makePlan(t, logdir, everything), Skipped, old)
	result, err := Verify(t.Context(), f.client(t), makePlan(t, logdir, everything), Options{Experiment: "e"})
	if err != nil || !result.Good() || len(result.Runs[0].Theirs) > 0 {
		t.Errorf("%v, %+v", err, result.Runs[0])
	}
	writeMedia(t, logdir, "a", "2", 2, 3, allMedia(t))
	mustMigrate(t, f.URL, makePlan(t, logdir, everything), Completed)
	pictures := 0
	for name := range f.artifactsOf(id) {
		if strings.HasPrefix(name, gridDir+"/") {
			pictures++
		}
	}
	if pictures != 2*3*4 {
		t.Errorf("%d pictures in the grid", pictures)
	}
}

// Repeated steps and equal values are all there, and none twice.
func TestRepeatedMedia(t *testing.T) {
	f, logdir := newFake(t), t.TempDir()
	same := encodedAs(t, "png", picture(4, 4, 1))
	values := func(step int) [][]byte {
		return [][]byte{imageValue("p", same), imageValue("p", same), eventfiletest.Text("n", "a"), eventfiletest.Text("n", "b")}
	}
	writeMedia(t, logdir, "a", "1", 5, 6, values)
	writeMedia(t, logdir, "a", "2", 5, 6, values)
	result := mustMigrate(t, f.URL, makePlan(t, logdir, everything), Created)
	ids := make(map[string]bool)
	for name := range f.artifactsOf(result.Runs[0].RunID) {
		if _, _, _, id, _, small, ok := gridPicture(path.Base(name)); ok && !small {
			ids[id] = true
		}
	}
	if len(ids) != 4 || result.Runs[0].Media.Sent != 8 {
		t.Errorf("%d pictures, %+v", len(ids), result.Runs[0].Media)
	}
}

// Calls that go wrong, and a program that is killed, lose and double nothing.
func TestMediaFaults(t *testing.T) {
	f, logdir := newFake(t), t.TempDir()
	for i := range 3 {
		writeMedia(t, logdir, fmt.Sprintf("r%d", i), "1", 0, 4, allMedia(t))
	}
	proxy := mlflowtest.NewProxy(t, f.URL, mlflowtest.Sometimes(0.2, 3, mlflowtest.Faults()...))
	mustMigrate(t, proxy.URL, makePlan(t, logdir, everything), Created)
	result, err := Verify(t.Context(), f.client(t), makePlan(t, logdir, everything), Options{Experiment: "e"})
	if err != nil || !result.Good() || len(result.Runs) != 3 || len(result.Runs[0].Theirs) > 0 {
		t.Errorf("%v, %+v", err, result.Runs[0])
	}
}

func TestThumbnail(t *testing.T) {
	for _, size := range []image.Point{{1, 1}, {256, 256}, {3000, 2}, {2, 700}, {640, 480}} {
		got, err := thumbnail(encodedAs(t, "png", picture(size.X, size.Y, 0)))
		if err != nil {
			t.Fatalf("%v: %v", size, err)
		}
		m, err := webp.Decode(bytes.NewReader(got))
		if err != nil || m.Bounds().Size() != thumbnailSize(size) || max(m.Bounds().Dx(), m.Bounds().Dy()) != thumbnailSide {
			t.Errorf("%v: %v, %v", size, err, m)
		}
	}
	// Half a picture, nothing, and one that says it is very large.
	whole := encodedAs(t, "png", picture(64, 64, 0))
	for _, encoded := range [][]byte{whole[:len(whole)/2], nil, []byte("text")} {
		if _, err := thumbnail(encoded); err == nil {
			t.Errorf("%q has a small picture", encoded)
		}
	}
	var huge bytes.Buffer
	if err := gif.Encode(&huge, image.NewPaletted(image.Rect(0, 0, 1, 1), color.Palette{color.Black}), nil); err != nil {
		t.Fatal(err)
	}
	bomb := huge.Bytes()
	copy(bomb[6:], "\xff\xff\xff\xff")
	if _, err := thumbnail(bomb); !errors.As(err, new(*TooManyPixelsError)) {
		t.Errorf("65535 x 65535: %v", err)
	}
}

// A line of pixels takes no more memory than another picture of as many.
func TestThumbnailOfALine(t *testing.T) {
	line := encodedAs(t, "png", image.NewGray(image.Rect(0, 0, 1, mostPixels)))
	took := testing.Benchmark(func(b *testing.B) {
		if _, err := thumbnail(line); err != nil {
			b.Fatal(err)
		}
	}).AllocedBytesPerOp()
	if took > 8*mostPixels {
		t.Errorf("%d bytes", took)
	}
}

// The colours of a lossy WebP picture are not from 0 to 255.
func TestThumbnailOfLossyWebP(t *testing.T) {
	// Of one colour, 221 40 60, written by Pillow.
	encoded, err := base64.StdEncoding.DecodeString("UklGRjwAAABXRUJQVlA4IDAAAADQAQCdASoQABAAAMASJaACdLoB+AADsAD+899n/lK0GIPj7/+8Bf3no+8Bf/d3gAA=")
	if err != nil {
		t.Fatal(err)
	}
	small, err := thumbnail(encoded)
	if err != nil {
		t.Fatal(err)
	}
	m, err := webp.Decode(bytes.NewReader(small))
	if err != nil {
		t.Fatal(err)
	}
	got := color.NRGBAModel.Convert(m.At(100, 100)).(color.NRGBA)
	for i, want := range []int{221, 40, 60} {
		if x := int([]uint8{got.R, got.G, got.B}[i]); max(x-want, want-x) > 3 {
			t.Fatalf("%v", got)
		}
	}
}

// Pictures take more than four bytes a pixel where they are in CMYK, and fewer pixels are decoded.
func TestDecodedBytes(t *testing.T) {
	jpeg := func(components byte, width, height int) []byte { // its header alone
		frame := []byte{8, byte(height >> 8), byte(height), byte(width >> 8), byte(width), components}
		for i := range components {
			frame = append(frame, i+1, 0x11, 0)
		}
		return append(append([]byte{0xff, 0xd8, 0xff, 0xc2, 0, byte(len(frame) + 2)}, frame...), 0xff, 0xda, 0, 2)
	}
	for _, c := range []struct {
		encoded []byte
		want    int64 // -1: too many pixels
	}{
		{jpeg(3, 4096, 2048), 15 * mostPixels}, {jpeg(3, 4096, 2049), -1},
		{jpeg(4, 2048, 2048), 20 * mostPixels / 2}, {jpeg(4, 2048, 2049), -1},
		{encodedAs(t, "png", picture(3, 2, 0)), 4 * 6}, {encodedAs(t, "png", image.NewNRGBA64(image.Rect(0, 0, 3, 2))), 8 * 6},
	} {
		got, err := decodedBytes(c.encoded)
		if many := errors.As(err, new(*TooManyPixelsError)); got != max(c.want, 0) || many != (c.want < 0) || err != nil && !many {
			t.Errorf("%d, %v; want %d", got, err, c.want)
		}
	}
}

func TestImageKey(t *testing.T) {
	for name, want := range map[string]string{
		"a/b c-d_e.f": "a/b c-d_e.f", "é": "_" + plan.Mark("é"), "a+b": "a_b" + plan.Mark("a+b"), "a~b": "a_b" + plan.Mark("a~b"),
		"": plan.Mark(""), "..": "__" + plan.Mark(".."), "100%": "100_" + plan.Mark("100%"),
		strings.Repeat("x", 200): strings.Repeat("x", longestImageKey-plan.MarkLength) + plan.Mark(strings.Repeat("x", 200)),
	} {
		if got := imageKey(name); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
}

// A tag of the page has room for some tables only, and another's text stays.
func TestWithTables(t *testing.T) {
	var names []string
	for i := range 300 {
		names = append(names, fmt.Sprintf("media/histograms/layer%d/weights.json", i))
	}
	text, unlisted := withTables("", names)
	if listed := loggedTables(text); len(text) > longestTag || len(listed) < 50 || unlisted != int64(300-len(listed)) {
		t.Errorf("%d characters, %d not listed", len(text), unlisted)
	}
	if again, _ := withTables(text, names); again != text {
		t.Error("listed twice")
	}
	if odd, _ := withTables("", []string{"é/😀\"\\.json"}); odd != `[{"path": "\u00e9/\ud83d\ude00\"\\.json", "type": "table"}]` || len(loggedTables(odd)) != 1 {
		t.Errorf("%s", odd)
	}
	for _, other := range []string{"not JSON", "{}", "[1", "null"} {
		if text, _ := withTables(other, names); text != other {
			t.Errorf("%q became %q", other, text)
		}
	}
}

// Two migrations at once make each run once, with all its media.
func TestMediaAtOnce(t *testing.T) {
	f, logdir := newFake(t), t.TempDir()
	for i := range 4 {
		writeMedia(t, logdir, fmt.Sprintf("r%d", i), "1", 0, 4, allMedia(t))
	}
	errs := make(chan error)
	for range 2 {
		planned := makePlan(t, logdir, everything)
		go func() {
			result, err := Migrate(t.Context(), f.client(t), planned, Options{Experiment: "e", Jobs: 2, Patience: 2 * time.Second})
			if err == nil && !result.Good() {
				err = fmt.Errorf("%+v", result.Runs[0])
			}
			errs <- err
		}()
	}
	for range 2 {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
	result, err := Verify(t.Context(), f.client(t), makePlan(t, logdir, everything), Options{Experiment: "e"})
	if err != nil || !result.Good() || len(result.Runs[0].Theirs) > 0 {
		t.Errorf("%v, %+v", err, result.Runs[0])
	}
	active := 0
	for _, run := range f.runs {
		if !run.deleted() {
			active++
		}
	}
	if active != 4 {
		t.Errorf("%d runs", active)
	}
}
