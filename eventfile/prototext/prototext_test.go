package prototext

import (
	"strings"
	"testing"
)

func TestOddBytes(t *testing.T) {
	for _, c := range []struct{ name, raw, want string }{
		{"unknown fields", "\xa2\x06\x02hi\xa8\x06\x05\xb5\x06\x01\x00\x00\x00\xb9\x06\x01\x00\x00\x00\x00\x00\x00\x00",
			"100: \"hi\"\n101: 5\n102: 0x00000001\n103: 0x0000000000000001\n"},
		{"broken", "\x10\x05\x09\x01", "step: 5\n# undecodable: \"\\t\\001\"\n"},
		{"escapes", "\x1a\x06\"\\\n\x1b\x80a", "file_version: \"\\\"\\\\\\n\\033\\200a\"\n"},
		{"not finite", "\x09\x00\x00\x00\x00\x00\x00\xf8\x7f", "wall_time: nan\n"},
		{"packed", "\x2a\x10\x0a\x0e\x42\x0c\x08\x01\x2a\x08\x00\x00\x80\x3f\x00\x00\x80\xff",
			"summary {\n  value {\n    tensor {\n      dtype: DT_FLOAT\n      float_val: [1, -inf]\n    }\n  }\n}\n"},
		{"packed and broken", "\x2a\x09\x0a\x07\x42\x05\x2a\x03\x00\x00\x80",
			"summary {\n  value {\n    tensor {\n      float_val: \"\\000\\000\\200\"\n    }\n  }\n}\n"},
		{"negative", "\x10\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", "step: -1\n"},
		{"empty", "", ""},
	} {
		want := strings.ReplaceAll(c.want, `\t\001`, `\011\001`)
		if got := string(Append(nil, []byte(c.raw))); got != want {
			t.Errorf("%s: got\n%s\nwant\n%s", c.name, got, want)
		}
	}
}
