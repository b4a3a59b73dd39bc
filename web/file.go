package web

import (
	"io"
	"net/http"
	"net/url"
	"slices"

	"ward/entry"
	"ward/fault"
)

// drawn are the types of pictures that browsers draw and that can run nothing.
var drawn = []string{"image/png", "image/jpeg", "image/gif", "image/webp"}

// showPicture shows a stored picture by itself, and closes it; what is none is NotFound.
func showPicture(w http.ResponseWriter, f entry.File, body io.ReadCloser) error {
	defer body.Close()
	if !slices.Contains(drawn, f.Type) {
		return fault.New(fault.NotFound, "this file is no picture that can be shown").Do("take it away, and open it with care")
	}
	w.Header().Set("Content-Security-Policy", "sandbox; default-src 'none'")
	w.Header().Set("Content-Type", f.Type)
	_, err := io.Copy(w, body)
	return err
}

// handFile hands a stored file out as it came, and closes it. Plain is its name for browsers that read no other letters.
func handFile(w http.ResponseWriter, plain string, f entry.File, body io.ReadCloser) error {
	defer body.Close()
	w.Header().Set("Content-Security-Policy", "sandbox; default-src 'none'")
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Header().Set("Content-Disposition", `attachment; filename="`+plain+`"; filename*=UTF-8''`+url.PathEscape(f.Name))
	if _, err := io.Copy(w, body); err != nil {
		panic(http.ErrAbortHandler) // a broken download must not look whole
	}
	return nil
}
