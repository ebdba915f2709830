package main

import (
	"bytes"
	"encoding/base64"
	endian "encoding/binary"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/png"
	"math"
	"slices"
	"strings"

	"tbexport/eventfile/eventfiletest"
	pb "tbexport/proto"
)

// badPictures are pictures in both forms, which declare 7x8 dots beside them.
func badPictures() map[string]badInput {
	const jpegThatLies = "\xff\xd8\xff\xe0\xff\xff\x00\x01" // a segment longer than the picture
	all := map[string]badInput{
		"no-pictures": {values: []eventfiletest.Value{eventfiletest.Tensor("new", "images", nil, stringsOf(nil, "7", "8"))}},
		"pictures-without-a-size": {
			values: []eventfiletest.Value{eventfiletest.Tensor("new", "images", nil, stringsOf(nil, "wide", "8", pngOf(1, 1))), eventfiletest.Tensor("one", "images", nil, stringsOf(nil, "7"))},
			rows:   []string{`tensors {"tag":"new","plugin":"images","shape":[3]}`, `tensors {"tag":"one","strings":["7"]}`},
		},
	}
	for name, c := range map[string]struct {
		picture       string
		width, height int
		format        string
	}{
		"picture-empty":              {"", 7, 8, ""},
		"picture-that-is-none":       {"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", 7, 8, ""},
		"picture-cut":                {pngOf(3, 4)[:20], 7, 8, "png"},
		"picture-whose-header-lies":  {pngOf(3, 4, 5000, 1), 5000, 1, "png"},
		"picture-whose-segment-lies": {jpegThatLies, 7, 8, "jpeg"},
		"picture-too-wide":           {pngOf(3, 4, 1<<31, 1), 7, 8, "png"},
		"picture-of-2x10^9-dots":     {pngOf(3, 4, 2_000_000_000, 1), 2_000_000_000, 1, "png"},
		"gif":                        {gifOf(2, 3, 3), 2, 3, "gif"},
	} {
		bad := badInput{values: []eventfiletest.Value{
			eventfiletest.Tensor("new", "images", nil, stringsOf(nil, "7", "8", c.picture)),
			eventfiletest.Image("old", eventfiletest.Encode(&pb.Image{Width: 7, Height: 8, Colorspace: 3, EncodedImageString: []byte(c.picture)})),
		}}
		format := "null"
		if c.format != "" {
			format = `"` + c.format + `"`
		}
		for _, tag := range []string{"new", "old"} {
			bad.rows = append(bad.rows, fmt.Sprintf(`images {"tag":%q,"index":0,"width":%d,"height":%d,"format":%s,"image":{"bytes":%q,"path":null}}`,
				tag, c.width, c.height, format, base64.StdEncoding.EncodeToString([]byte(c.picture))))
		}
		all[name] = bad
	}
	return all
}

// pngOf is a picture, grey and whole, whose header may declare another size than it has.
func pngOf(width, height int, declared ...uint32) string {
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, width, height))); err != nil {
		panic(err)
	}
	if len(declared) == 2 {
		header := b.Bytes()[12:33] // IHDR, from its name to its CRC
		endian.BigEndian.PutUint32(header[4:], declared[0])
		endian.BigEndian.PutUint32(header[8:], declared[1])
		endian.BigEndian.PutUint32(header[17:], crc32.ChecksumIEEE(header[:17]))
	}
	return b.String()
}

func gifOf(width, height, frames int) string {
	var all gif.GIF
	for range frames {
		all.Image = append(all.Image, image.NewPaletted(image.Rect(0, 0, width, height), color.Palette{color.Black, color.White}))
		all.Delay = append(all.Delay, 1)
	}
	var b bytes.Buffer
	if err := gif.EncodeAll(&b, &all); err != nil {
		panic(err)
	}
	return b.String()
}

// wavOf is sound of 16 bits and one channel.
func wavOf(rate uint32, frames int) string {
	b := []byte("RIFF\x00\x00\x00\x00WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00")
	b = endian.LittleEndian.AppendUint32(b, rate)
	b = endian.LittleEndian.AppendUint32(b, 2*rate)
	b = append(b, "\x02\x00\x10\x00data"...)
	b = endian.LittleEndian.AppendUint32(b, uint32(2*frames))
	b = append(b, make([]byte, 2*frames)...)
	endian.LittleEndian.PutUint32(b[4:], uint32(len(b)-8))
	return string(b)
}

func badSound() map[string]badInput {
	clips := func(all ...string) []eventfiletest.Value {
		return []eventfiletest.Value{eventfiletest.Tensor("new", "audio", nil, stringsOf(nil, all...))}
	}
	return map[string]badInput{
		"wav-cut-after-30-bytes": {values: clips(wavOf(8000, 5)[:30]),
			rows: []string{`audio {"tag":"new","sample_rate":null,"channels":null,"frames":null,"content_type":"audio/wav","label":null}`}},
		"wav-cut-in-its-samples": {values: clips(wavOf(8000, 5)[:50]),
			rows: []string{`audio {"sample_rate":8000,"channels":1,"frames":3,"content_type":"audio/wav"}`}},
		"wav-of-4-gb-by-its-header": {values: clips(strings.Replace(wavOf(8000, 5), "data\x0a\x00\x00\x00", "data\xff\xff\xff\xff", 1)),
			rows: []string{`audio {"sample_rate":8000,"channels":1,"frames":5}`}},
		"sound-that-is-none": {values: clips("ID3", ""), rows: []string{
			`audio {"index":0,"sample_rate":null,"content_type":null,"audio":{"bytes":"SUQz","path":null}}`, `audio {"index":1,"audio":{"bytes":"","path":null}}`}},
		"sound-of-no-clips": {values: []eventfiletest.Value{eventfiletest.Tensor("new", "audio", nil, stringsOf([]int64{0, 2}))}},
		"sound-with-numbers-that-are-none": {
			values: []eventfiletest.Value{value(&pb.Summary_Value{Tag: []byte("old"), Value: &pb.Summary_Value_Audio{Audio: eventfiletest.Encode(&pb.Audio{
				SampleRate: float32(math.Inf(-1)), NumChannels: -1, LengthFrames: math.MinInt64, ContentType: []byte("a\xff")})}})},
			rows: []string{`audio {"sample_rate":"-Infinity","channels":-1,"content_type":"a�"}`},
		},
	}
}

func badTexts() map[string]badInput {
	text := func(tag string, content string, tensor []byte) eventfiletest.Value {
		return eventfiletest.Tensor(tag, "text", []byte(content), tensor)
	}
	long := strings.Repeat("0123456789 \"quoted\", and a line\n", 50<<20/32)
	var cube []string
	for i, c := range "abcdefgh" {
		cube = append(cube, fmt.Sprintf(`text {"index":%d,"shape":[2,2,2],"text":%q}`, i, string(c)))
	}
	return map[string]badInput{
		"text-of-rank-3": {values: []eventfiletest.Value{text("t", "", stringsOf([]int64{2, 2, 2}, "a", "b", "c", "d", "e", "f", "g", "h"))}, rows: cube},
		"text-not-utf-8": {values: []eventfiletest.Value{text("t", "", stringsOf([]int64{}, "\xff\xfe(\xc3 ok \xe2\x82"))}, rows: []string{`text {"text":"��(� ok ��"}`}},
		"text-of-50-mb":  {values: []eventfiletest.Value{text("t", "", stringsOf([]int64{}, long))}, rows: []string{fmt.Sprintf(`text {"index":0,"shape":[],"text":%q}`, long)}},
		"text-of-nothing": {values: []eventfiletest.Value{text("none", "", stringsOf([]int64{0})), text("one", "", stringsOf([]int64{1}, ""))},
			rows: []string{`text {"tag":"one","text":""}`}},
		"text-of-numbers":        {values: []eventfiletest.Value{text("t", "", doublesOf([]int64{2}, 1, 2))}, rows: []string{`tensors {"plugin":"text","values":[1,2]}`}},
		"one-text-for-a-million": {values: []eventfiletest.Value{text("t", "", stringsOf([]int64{1 << 40}, "x"))}, lost: 1},
		"plugin-version-1": {values: []eventfiletest.Value{text("t", "\x08\x01", stringsOf([]int64{}, "from the future")), text("u", "\x08\x00", stringsOf([]int64{}, "of today"))},
			rows: []string{`text {"tag":"t","text":"from the future"}`, `text {"tag":"u"}`},
			said: "1 tag is of another version of its plugin than 0"},
	}
}

func badHistograms() map[string]badInput {
	rows := func(edges ...float64) eventfiletest.Value {
		return eventfiletest.Tensor("new", "histograms", nil, doublesOf([]int64{int64(len(edges) / 3), 3}, edges...))
	}
	old := func(h *pb.HistogramProto) eventfiletest.Value {
		return value(&pb.Summary_Value{Tag: []byte("old"), Value: &pb.Summary_Value_Histo{Histo: eventfiletest.Encode(h)}})
	}
	return map[string]badInput{
		"histogram-of-no-bucket": {values: []eventfiletest.Value{rows(), old(new(pb.HistogramProto))}, rows: []string{
			`histograms {"tag":"new","left":[],"right":[],"count":[],"min":null}`, `histograms {"tag":"old","left":[],"right":[],"count":[],"min":0,"num":0}`}},
		"histogram-of-one-bucket": {values: []eventfiletest.Value{rows(1, 2, 3), old(&pb.HistogramProto{Min: 1, Max: 2, Num: 3, BucketLimit: []float64{2}, Bucket: []float64{3}})}, rows: []string{
			`histograms {"tag":"new","left":[1],"right":[2],"count":[3]}`, `histograms {"tag":"old","left":[1],"right":[2],"count":[3],"max":2,"num":3}`}},
		"histogram-whose-edges-go-back": {values: []eventfiletest.Value{rows(3, 2, 1, 2, 1, .5), old(&pb.HistogramProto{Min: 9, BucketLimit: []float64{5, 3, 4}, Bucket: []float64{1, .5, -1}})}, rows: []string{
			`histograms {"tag":"new","left":[3,2],"right":[2,1],"count":[1,0.5]}`, `histograms {"tag":"old","left":[5,5,3],"right":[5,3,4],"count":[1,0.5,-1]}`}},
		"histogram-of-what-is-no-number": {values: []eventfiletest.Value{rows(math.Inf(-1), math.NaN(), math.MaxFloat64)}, rows: []string{
			`histograms {"left":["-Infinity"],"right":["NaN"],"count":[1.7976931348623157e308]}`}},
		"histogram-with-more-edges-than-counts": {values: []eventfiletest.Value{old(&pb.HistogramProto{BucketLimit: []float64{1, 2}, Bucket: []float64{1}})}, lost: 1},
	}
}

// badTensors are of a plugin that nobody knows.
func badTensors() map[string]badInput {
	all := map[string]badInput{
		"strings-of-a-wrong-count": {lost: 2, values: []eventfiletest.Value{
			eventfiletest.Tensor("a", "mine", nil, stringsOf([]int64{3}, "a", "b")), eventfiletest.Tensor("b", "text", nil, stringsOf([]int64{2, 2}, "a", "b", "c"))}},
		"pr-curve-of-five-rows": {values: []eventfiletest.Value{eventfiletest.Tensor("t", "pr_curves", nil, doublesOf([]int64{5, 1}, 1, 2, 3, 4, 5))},
			rows: []string{`tensors {"plugin":"pr_curves","shape":[5,1],"values":[1,2,3,4,5]}`}},
	}
	contradictory := badInput{}
	for i, b := range [][]byte{
		doublesOf([]int64{7}, 1, 2), doublesOf([]int64{-1}, 1, 2), doublesOf([]int64{1 << 40, 1 << 40}, 1), doublesOf([]int64{0}, 1, 2),
		tensorOf(&pb.TensorProto{Dtype: pb.DataType_DT_FLOAT, TensorContent: []byte("abc")}, 1), []byte("\x22\x7fxx"),
	} {
		for _, plugin := range []string{"mine", "text", "histograms", "images", "audio", "pr_curves", "mesh", "custom_scalars", "graph_keras_model"} {
			contradictory.values = append(contradictory.values, eventfiletest.Tensor(fmt.Sprint(plugin, i), plugin, []byte("\x12\x01m\x18\x01"), b))
			contradictory.lost++
		}
	}
	all["tensors-whose-shape-and-content-disagree"] = contradictory
	types := badInput{}
	for _, c := range []struct {
		tensor *pb.TensorProto
		want   string // without its tag
	}{
		{&pb.TensorProto{Dtype: pb.DataType_DT_BFLOAT16, HalfVal: []int32{0x3f80, 0xc000}}, `"dtype":"bfloat16","values":[1,-2],"bytes":"gD8AwA=="`},
		{&pb.TensorProto{Dtype: pb.DataType_DT_FLOAT8_E5M2, Float8Val: []byte("\x3c\xfc")}, `"dtype":"float8_e5m2","values":[1,"-Infinity"],"bytes":"PPw="`},
		{&pb.TensorProto{Dtype: pb.DataType_DT_FLOAT8_E4M3FN, Float8Val: []byte("\x38\x7f")}, `"dtype":"float8_e4m3fn","values":[1,"NaN"],"bytes":"OH8="`},
		{&pb.TensorProto{Dtype: pb.DataType_DT_INT4, IntVal: []int32{-8, 7}}, `"dtype":"int4","values":[-8,7],"bytes":"+Ac="`},
		{&pb.TensorProto{Dtype: pb.DataType_DT_COMPLEX64, ScomplexVal: []float32{1, 2, 3, 4}}, `"dtype":"complex64","values":null,"bytes":"AACAPwAAAEAAAEBAAACAQA=="`},
		{&pb.TensorProto{Dtype: pb.DataType_DT_VARIANT, VariantVal: [][]byte{{}, {}}}, `"dtype":"variant","values":null,"strings":null`},
		{&pb.TensorProto{Dtype: 77, TensorContent: []byte("abc")}, `"dtype":"77","values":null,"strings":null`},
	} {
		tag := fmt.Sprintf("%c", 'a'+len(types.rows))
		types.values = append(types.values, eventfiletest.Tensor(tag, "mine", nil, tensorOf(c.tensor, 2)))
		types.rows = append(types.rows, fmt.Sprintf(`tensors {"tag":%q,"plugin":"mine","shape":[2],%s}`, tag, c.want))
	}
	all["tensors-of-types-that-numpy-lacks"] = types
	return all
}

func badMeshes() map[string]badInput {
	part := func(name string, kind pb.MeshPluginData_ContentType, dims []int64, all ...float64) eventfiletest.Value {
		content := eventfiletest.Encode(&pb.MeshPluginData{Name: []byte(name), ContentType: kind})
		return eventfiletest.Tensor(fmt.Sprint(name, int(kind)), "mesh", content, doublesOf(dims, all...))
	}
	return map[string]badInput{
		"mesh-of-faces-and-no-vertices": {values: []eventfiletest.Value{part("m", pb.MeshPluginData_FACE, []int64{1, 1, 3}, 0, 1, 2)},
			rows: []string{`meshes {"tag":"m2","name":"m","index":0,"vertices":null,"faces":[0,1,2],"colors":null}`}},
		"mesh-whose-faces-lead-out": {values: []eventfiletest.Value{
			part("m", pb.MeshPluginData_VERTEX, []int64{1, 1, 3}, 1, 2, 3), part("n", pb.MeshPluginData_FACE, []int64{1, 1, 3}, 0, -1, 1e300)},
			rows: []string{`meshes {"name":"m","vertices":[1,2,3]}`, `meshes {"name":"n","faces":[0,-1,1e300]}`}},
		"mesh-of-no-points":       {values: []eventfiletest.Value{part("m", pb.MeshPluginData_VERTEX, []int64{1, 0, 3})}, rows: []string{`meshes {"vertices":[],"faces":null}`}},
		"mesh-of-rank-2":          {values: []eventfiletest.Value{part("m", pb.MeshPluginData_VERTEX, []int64{1, 3}, 1, 2, 3)}, rows: []string{`tensors {"plugin":"mesh","shape":[1,3]}`}},
		"mesh-that-names-no-part": {values: []eventfiletest.Value{part("m", 9, []int64{1, 1, 3}, 1, 2, 3)}, rows: []string{`tensors {"plugin":"mesh","shape":[1,1,3]}`}},
	}
}

// badGraphs are of one step and run, and come in any order, with a tag and without.
func badGraphs() map[string]badInput {
	event := func(e *pb.Event) eventfiletest.Event {
		e.WallTime = firstTime
		return eventfiletest.Encode(e)
	}
	graph := event(&pb.Event{What: &pb.Event_GraphDef{GraphDef: []byte("\x0a\x03abc")}})
	meta := event(&pb.Event{What: &pb.Event_MetaGraphDef{MetaGraphDef: []byte{}}})
	run := event(&pb.Event{What: &pb.Event_TaggedRunMetadata{TaggedRunMetadata: &pb.TaggedRunMetadata{Tag: []byte("t"), RunMetadata: []byte("{}")}}})
	return map[string]badInput{"graphs-of-one-step": {
		events: []eventfiletest.Event{graph, meta, run, graph, run},
		values: []eventfiletest.Value{eventfiletest.Tensor("t", "graph_run_metadata", []byte("1"), stringsOf([]int64{}, "{no JSON}"))},
		rows: []string{
			`graphs {"tag":null,"what":"graph_def","bytes":"CgNhYmM="}`, `graphs {"tag":null,"what":"meta_graph_def","bytes":""}`,
			`graphs {"tag":null,"what":"graph_def","bytes":"CgNhYmM="}`, `graphs {"tag":"t","what":"tagged_run_metadata","bytes":"e30="}`,
			`graphs {"tag":"t","what":"tagged_run_metadata","bytes":"e30="}`, `graphs {"tag":"t","step":1,"what":"run_metadata"}`,
		},
	}}
}

// badTags are names that lead elsewhere, or are equal on some disks, and tags that change what they are.
func badTags() map[string]badInput {
	hostile := badInput{}
	for _, tag := range slices.Sorted(slices.Values([]string{
		"", " ", ".", "..", "../../x", "/etc/x", "A", "C:\\x", "a", "a/b", "a\x00b", "a\nb", "con", "ends.", "nul.txt", strings.Repeat("x", 10_000),
		"COM1.txt", "com10", "lpt¹", "aux ", "conin$", "con.", "ends..", "ß", "SS", "ss", "%41", "A%", "a~ca978112", strings.Repeat("x", 100), strings.Repeat("X", 100),
		strings.Repeat("y", 101), strings.Repeat("語", 33), strings.Repeat("語", 34), strings.Repeat("/", 34), "z" + strings.Repeat("/", 34), strings.Repeat("w", 90) + "/語語語", "é", "é", "\u202egnp.x",
	})) {
		hostile.values = append(hostile.values, eventfiletest.Tensor(tag, "images", nil, stringsOf(nil, "1", "1", pngOf(1, 1))))
		hostile.rows = append(hostile.rows, `images {"width":1,"tag":`+inJSON(tag)+`}`)
	}
	picture := eventfiletest.Encode(&pb.Image{Width: 1, Height: 1, EncodedImageString: []byte("p")})
	histogram := eventfiletest.Encode(&pb.HistogramProto{BucketLimit: []float64{1}, Bucket: []float64{1}})
	return map[string]badInput{
		"tags-that-lead-elsewhere": hostile,
		// What the first of them says holds for those that are no kind by themselves.
		"tag-that-changes-its-kind": {
			values: []eventfiletest.Value{
				eventfiletest.Scalar("t", 1), eventfiletest.Image("t", picture), eventfiletest.Text("t", "text"),
				value(&pb.Summary_Value{Tag: []byte("t"), Value: &pb.Summary_Value_Histo{Histo: histogram}}),
				eventfiletest.Text("u", "text"), eventfiletest.Tensor("u", "images", nil, stringsOf(nil, "1", "1", "p")), eventfiletest.Scalar("u", 2),
				eventfiletest.Tensor("u", "histograms", nil, doublesOf([]int64{1, 3}, 1, 2, 3)),
			},
			rows: []string{
				`histograms {"tag":"t"}`, `images {"tag":"t"}`, `scalars {"tag":"t","value":1}`, `scalars {"tag":"u","value":2}`,
				`tensors {"tag":"t","plugin":"scalars","strings":["text"]}`, `tensors {"tag":"u","plugin":"text","values":[1,2,3]}`,
				`text {"tag":"u","text":"text"}`, `text {"tag":"u","index":0,"text":"1"}`, `text {"tag":"u","index":1,"text":"1"}`, `text {"tag":"u","index":2,"text":"p"}`,
			},
		},
	}
}

// inJSON is a string as JSON has it, whatever it holds.
func inJSON(s string) string {
	b, err := json.Marshal(s)
	if err != nil {
		panic(err)
	}
	return string(b)
}
