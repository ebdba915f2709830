package extract

import (
	"encoding/binary"
	"fmt"
	"math"
	"slices"

	"tbexport/eventfile/kinds"
)

// Mesh is the file of a mesh, in PLY's binary little-endian form 1.0. Vertices are
// doubles. Colors are the vertices' where there are as many, and else an element of
// their own; uchars if all are whole numbers from 0 to 255, as TensorBoard's are.
// Faces are lists of three ints, if they are such.
func Mesh(m kinds.Mesh) File {
	var p ply
	colors, vertices := len(m.Colors)/3, len(m.Vertices)/3
	uchars := !slices.ContainsFunc(m.Colors, func(x float64) bool { return x != math.Trunc(x) || x < 0 || x > 255 })
	p.line("ply\nformat binary_little_endian 1.0\nelement vertex %d\nproperty double x\nproperty double y\n"+
		"property double z", vertices)
	if colors == vertices && colors > 0 {
		p.colorProperties(uchars)
	}
	ints := !slices.ContainsFunc(m.Faces,
		func(x float64) bool { return x != math.Trunc(x) || x < math.MinInt32 || x > math.MaxInt32 })
	index := "int"
	if !ints {
		index = "double" // no index of a vertex; what was logged is kept
	}
	if m.Faces != nil {
		p.line("element face %d\nproperty list uchar %s vertex_indices", len(m.Faces)/3, index)
	}
	if colors != vertices && colors > 0 {
		p.line("element color %d", colors)
		p.colorProperties(uchars)
	}
	p.line("end_header")
	for i := range vertices {
		p.doubles(m.Vertices[3*i:][:3])
		if colors == vertices {
			p.color(m.Colors[3*i:][:3], uchars)
		}
	}
	for i := range len(m.Faces) / 3 {
		p = append(p, 3)
		if ints {
			p.ints(m.Faces[3*i:][:3])
		} else {
			p.doubles(m.Faces[3*i:][:3])
		}
	}
	for i := range colors {
		if colors != vertices {
			p.color(m.Colors[3*i:][:3], uchars)
		}
	}
	return file("ply", p)
}

// ply is a file under way.
type ply []byte

func (p *ply) line(format string, args ...any) { *p = fmt.Appendf(*p, format+"\n", args...) }

func (p *ply) colorProperties(uchars bool) {
	for _, name := range []string{"red", "green", "blue"} {
		if uchars {
			p.line("property uchar %s", name)
		} else {
			p.line("property double %s", name)
		}
	}
}

func (p *ply) color(rgb []float64, uchars bool) {
	if !uchars {
		p.doubles(rgb)
		return
	}
	for _, x := range rgb {
		*p = append(*p, byte(x))
	}
}

func (p *ply) doubles(xs []float64) {
	for _, x := range xs {
		*p = binary.LittleEndian.AppendUint64(*p, math.Float64bits(x))
	}
}

func (p *ply) ints(xs []float64) {
	for _, x := range xs {
		*p = binary.LittleEndian.AppendUint32(*p, uint32(int32(x)))
	}
}
