package web

import (
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"ward/desk"
	"ward/evaluation"
	"ward/fault"
	"ward/locale"
	"ward/paper"
)

// evaluationPhotos shows the photographs and the form for a further one.
func (s *Site) evaluationPhotos(w http.ResponseWriter, r *http.Request) error {
	lang, err := langOf(r)
	if err != nil {
		return err
	}
	return s.showPhotos(w, r, lang, nil, nil)
}

func (s *Site) showPhotos(w http.ResponseWriter, r *http.Request, lang locale.Lang, typed url.Values, wrong error) error {
	return s.showEvaluationAs("evaluation_photos", w, r, lang, typed, wrong)
}

// keepPhoto seals a photograph as it is read: nothing of it is written anywhere in clear. The words stand before the file in the form.
func (s *Site) keepPhoto(w http.ResponseWriter, r *http.Request) error {
	lang, err := langOf(r)
	if err != nil {
		return err
	}
	if !strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/form-data") {
		return s.keep(w, r, func(lang locale.Lang, form url.Values) (string, error) {
			return photosAddress(lang, r), s.desk.CaptionPhoto(r.Context(), whoOf(r.Context()), r.PathValue("evaluation"), captionTyped(form))
		}, s.showPhotos)
	}
	r.Body = http.MaxBytesReader(w, r.Body, evaluation.MaxFile+longestForm)
	form, err := s.photoParts(r)
	if mendable(err) || fault.Is(err, fault.Limit) {
		return s.showPhotos(w, r, lang, form, err)
	}
	if err == nil {
		http.Redirect(w, r, photosAddress(lang, r), http.StatusSeeOther)
	}
	return err
}

func photosAddress(lang locale.Lang, r *http.Request) string {
	return address(lang, "evaluations", r.PathValue("evaluation"), "photographs")
}

func captionTyped(form url.Values) evaluation.Caption {
	return evaluation.Caption{Of: form.Get("of"), Text: form.Get("text"), Scale: form.Get("scale"), By: form.Get("by"), Taken: form.Get("taken"), Finding: form.Get("finding"),
		Removed: form.Get("do") == "remove", Why: form.Get("why")}
}

// photoParts reads the words, then keeps the file.
func (s *Site) photoParts(r *http.Request) (url.Values, error) {
	form, room := url.Values{}, int64(longestForm)
	parts, err := r.MultipartReader()
	for err == nil {
		var p *multipart.Part
		if p, err = parts.NextPart(); err != nil {
			break
		}
		if p.FormName() == "file" && p.FileName() != "" {
			return form, s.desk.KeepEvaluationPhoto(r.Context(), whoOf(r.Context()), r.PathValue("evaluation"), p.FileName(), p.Header.Get("Content-Type"), p, captionTyped(form))
		}
		value, readErr := io.ReadAll(io.LimitReader(p, room+1))
		if room -= int64(len(value)); readErr != nil || room < 0 || len(form) > 40 {
			return form, fault.New(fault.Limit, "the form is longer than %d characters", longestForm).Keeping("nothing was written").Do("shorten it")
		}
		text, tidyErr := tidy(p.FormName(), string(value))
		if tidyErr != nil {
			return form, tidyErr
		}
		form.Set(p.FormName(), text)
	}
	if errors.Is(err, io.EOF) {
		return form, fault.New(fault.Invalid, "there is no photograph in the form").Keeping("nothing was written").Do("choose a file")
	}
	return form, fault.Wrap(err, fault.Invalid, "the form cannot be read").Keeping("nothing was written").Do("go back and send it again")
}

// showPhoto shows a photograph by itself, to whoever asked for it.
func (s *Site) showPhoto(w http.ResponseWriter, r *http.Request) error {
	p, body, err := s.desk.EvaluationPhoto(r.Context(), whoOf(r.Context()), r.PathValue("evaluation"), numbered(r))
	if err != nil {
		return err
	}
	return showPicture(w, p.File, body)
}

// evaluationFormats are the files in which an evaluation is taken away.
var evaluationFormats = []string{"pdf", "odt"}

// exportEvaluation hands an evaluation out in the language it is written in, or the one asked for, after its line stands in the ledger.
func (s *Site) exportEvaluation(w http.ResponseWriter, r *http.Request) error {
	id, format, ok := strings.Cut(r.PathValue("file"), ".")
	if !ok || !slices.Contains(evaluationFormats, format) {
		return fault.New(fault.NotFound, "there is no file %.60q of an evaluation", r.PathValue("file"))
	}
	q := r.URL.Query()
	lang, ok := locale.Parse(q.Get("lang"))
	if !ok {
		lang = "en"
	}
	return download(w, "evaluation-"+id+"."+format, printedTypes[format], func(out io.Writer) error {
		f, err := s.desk.TakeEvaluation(r.Context(), whoOf(r.Context()), id, desk.EvaluationTaking{Format: format, Pictures: q.Get("pictures") != ""})
		if err != nil {
			return err
		}
		return paper.WriteEvaluation(out, f, lang, format)
	})
}
