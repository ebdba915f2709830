package mlflow

import (
	"errors"
	"net/http"
	"strings"

	"tbexport/convert/mlflow/rest"
)

// Refusal is something of a run that the server did not take.
type Refusal struct {
	What   string // metric or param
	Key    string
	Points int64 // of a metric
	Err    error // the server's first word on it
}

// refusedBy puts what the server said into a difference that comes of it.
func (d *Difference) refusedBy(refusals []Refusal) {
	for _, x := range refusals {
		if x.What == d.What && x.Key == d.Key && d.Got == "" {
			d.Got = "nothing, the server refused it: " + rest.OneLine(x.Err.Error())
		}
	}
}

// refusedContent says that a call was refused for what it says, so that another
// one that says less may be taken.
func refusedContent(err error) bool {
	var api *rest.APIError
	return errors.As(err, &api) && api.Status == http.StatusBadRequest && api.Code != "RESOURCE_DOES_NOT_EXIST" &&
		!goneRun(err)
}

// goneRun says that a call was refused as its run is deleted.
func goneRun(err error) bool {
	var api *rest.APIError
	return errors.As(err, &api) && api.Status == http.StatusBadRequest &&
		strings.Contains(api.Message, "must be in the 'active' state")
}

// sameRefusal says that two calls were refused for one reason.
func sameRefusal(a, b error) bool {
	var x, y *rest.APIError
	return errors.As(a, &x) && errors.As(b, &y) && x.Code == y.Code && x.Message == y.Message
}
