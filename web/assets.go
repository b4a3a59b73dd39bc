package web

import (
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"encoding/hex"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
	"sync"

	"ward/chart"
	"ward/fault"
)

//go:embed assets
var assetFiles embed.FS

// styleSheet joins the colours, the pages' sheet, those of single areas in the order of their names, and the figures' sheet.
var styleSheet = sync.OnceValue(func() string {
	areas, err := fs.Glob(assetFiles, "assets/area/*.css")
	if err != nil {
		panic(err) // a constant pattern
	}
	joined := chart.Tokens
	for _, name := range append([]string{"assets/ward.css"}, areas...) {
		own, err := assetFiles.ReadFile(name)
		if err != nil {
			panic(err) // embedded
		}
		joined += string(own)
	}
	return joined + chart.CSS
})

// scriptAddress names a script file by its content. A page works without it; it saves steps.
func scriptAddress(name string) (string, error) {
	body, err := assetFiles.ReadFile("assets/" + name)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(body)
	return "/assets/" + name + "?v=" + hex.EncodeToString(sum[:6]), nil
}

// sheetAddress names the sheet by its content, so that a browser never keeps an old one.
var sheetAddress = sync.OnceValue(func() string {
	sum := sha256.Sum256([]byte(styleSheet()))
	return "/assets/ward.css?v=" + hex.EncodeToString(sum[:6])
})

func (s *Site) asset(w http.ResponseWriter, r *http.Request) error {
	name := path.Clean(r.PathValue("file"))
	w.Header().Set("Cache-Control", "max-age=3600")
	if name == "ward.css" {
		w.Header().Set("Content-Type", "text/css; charset=utf-8")
		_, err := w.Write([]byte(styleSheet()))
		return err
	}
	body, err := fs.ReadFile(assetFiles, "assets/"+name)
	if err != nil {
		return fault.New(fault.NotFound, "there is no file %q", name)
	}
	kind := mime.TypeByExtension(path.Ext(name))
	if path.Ext(name) == ".woff2" {
		kind = "font/woff2"
	}
	w.Header().Set("Content-Type", kind)
	_, err = w.Write(body)
	return err
}

// standaloneSheet is the style sheet with its fonts inside, for a file that stands alone.
var standaloneSheet = sync.OnceValue(func() string {
	sheet := styleSheet()
	fonts, err := fs.Glob(assetFiles, "assets/fonts/*.woff2")
	if err != nil {
		panic(err) // a constant pattern
	}
	for _, f := range fonts {
		body, err := assetFiles.ReadFile(f)
		if err != nil {
			panic(err) // embedded
		}
		inside := "data:font/woff2;base64," + base64.StdEncoding.EncodeToString(body)
		sheet = strings.ReplaceAll(sheet, "/assets/fonts/"+path.Base(f), inside)
	}
	return sheet
})
