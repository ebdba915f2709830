package convert

import (
	"reflect"
	"testing"
)

// TestCountsAdd: Add forgets no field, also none that comes later.
func TestCountsAdd(t *testing.T) {
	var one, sum Counts
	fill(reflect.ValueOf(&one).Elem())
	one.NotExported = map[string]int64{"images": 1, "text": 1}
	sum.Add(&one)
	sum.Add(&one)
	twice(t, "", reflect.ValueOf(sum))
	if one.NotExported["images"] != 1 || sum.NotExported["text"] != 2 {
		t.Errorf("%v, and %v in the sum", one.NotExported, sum.NotExported)
	}
}

// fill sets every number to 1.
func fill(v reflect.Value) {
	for i := range v.NumField() {
		switch f := v.Field(i); f.Kind() {
		case reflect.Struct:
			fill(f)
		case reflect.Int, reflect.Int64:
			f.SetInt(1)
		}
	}
}

// twice fails for every number that is not 2.
func twice(t *testing.T, path string, v reflect.Value) {
	t.Helper()
	for i := range v.NumField() {
		name := path + v.Type().Field(i).Name
		switch f := v.Field(i); f.Kind() {
		case reflect.Struct:
			twice(t, name+".", f)
		case reflect.Int, reflect.Int64:
			if f.Int() != 2 {
				t.Errorf("%s is %d, not 2", name, f.Int())
			}
		case reflect.Map:
		default:
			t.Errorf("%s is a %s, which this test does not know", name, f.Kind())
		}
	}
}
