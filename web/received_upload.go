package web

import (
	"context"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"

	"ward/entry"
	"ward/fault"
	"ward/intake"
)

// sentReport is what came with the form of a report: its fields, its files, sealed as they were read, and what an e-mail among them said.
type sentReport struct {
	form  url.Values
	files []entry.File
	mail  *intake.Mail
	wrong error // a file that could not be taken; the fields are there nevertheless
}

// longestReport is more than the form of a report and its files hold.
const longestReport = intake.MaxFileBytes + 2*longestForm

// sent reads the form of a report. Files are sealed as they are read: nothing of them is written anywhere in clear, and none is held whole in memory.
func (s *Site) sent(w http.ResponseWriter, r *http.Request) (sentReport, error) {
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "multipart/form-data" {
		form, err := posted(w, r)
		if err != nil {
			return sentReport{}, err
		}
		got := sentReport{form: form}
		return got, s.addHeld(r.Context(), &got)
	}
	r.Body = http.MaxBytesReader(w, r.Body, longestReport)
	parts, err := r.MultipartReader()
	got := sentReport{form: url.Values{}}
	for room := longestForm; err == nil; {
		var p *multipart.Part
		if p, err = parts.NextPart(); err == nil {
			err = s.takePart(r.Context(), &got, p, &room)
		}
	}
	var long *http.MaxBytesError
	switch {
	case errors.Is(err, io.EOF):
		return got, nil
	case errors.As(err, &long):
		return got, fault.New(fault.Limit, "the files of a report are larger than %d MB together", intake.MaxFileBytes>>20).Keeping("nothing was written").
			Do("go back, and leave the largest out")
	case fault.KindOf(err) != fault.Internal:
		return got, err
	}
	return got, fault.Wrap(err, fault.Invalid, "the form cannot be read").Keeping("nothing was written").Do("go back and send it again")
}

// takePart reads one field or one file. The files that wait are added when the key under which they do is read: it stands before any file.
func (s *Site) takePart(ctx context.Context, got *sentReport, p *multipart.Part, room *int) error {
	name := p.FormName()
	if name == "files" {
		if p.FileName() == "" {
			return nil
		}
		return s.takeFile(ctx, got, p)
	}
	value, err := io.ReadAll(io.LimitReader(p, int64(*room)+1))
	if err != nil {
		return err
	}
	if *room -= len(value) + len(name); *room < 0 || len(got.form) > 200 {
		return fault.New(fault.Limit, "the form is longer than %d characters", longestForm).Keeping("nothing was written").Do("shorten it")
	}
	text, err := tidy(name, string(value))
	if err != nil {
		return err
	}
	got.form.Add(name, text)
	if name == "held" {
		return s.addHeld(ctx, got)
	}
	return nil
}

// addHeld adds the files that were uploaded before, but those that are to be left out.
func (s *Site) addHeld(ctx context.Context, got *sentReport) error {
	held, err := s.desk.HeldFiles(ctx, whoOf(ctx), got.form.Get("held"))
	for _, f := range held {
		if !slices.Contains(got.form["without"], f.Blob) {
			got.files = append(got.files, f)
		}
	}
	return err
}

// takeFile seals one file, or opens it where it is an e-mail. After the first that could not be taken the others are passed over.
func (s *Site) takeFile(ctx context.Context, got *sentReport, p *multipart.Part) (err error) {
	kind := p.Header.Get("Content-Type")
	isMail := strings.EqualFold(path.Ext(p.FileName()), ".eml") || strings.HasPrefix(kind, "message/rfc822")
	switch {
	case got.wrong != nil:
		_, err = io.Copy(io.Discard, p)
		return err
	case isMail && got.mail == nil:
		var m intake.Mail
		if m, err = intake.ReadMail(p, func(name, kind string, body io.Reader) error { return s.seal(ctx, got, name, kind, body) }); err == nil {
			got.mail = &m
		}
	case isMail:
		err = fault.New(fault.Invalid, "there are two e-mails").Keeping("the first was read").Do("make a report of each")
	default:
		err = s.seal(ctx, got, p.FileName(), kind, p)
	}
	if fault.Is(err, fault.Limit) || fault.Is(err, fault.Invalid) {
		got.wrong, err = err, nil
		_, err = io.Copy(io.Discard, p)
	}
	return err
}

// seal seals one file.
func (s *Site) seal(ctx context.Context, got *sentReport, name, kind string, body io.Reader) error {
	room := int64(intake.MaxFileBytes)
	for _, f := range got.files {
		room -= f.Bytes
	}
	if len(got.files) >= intake.MaxFiles {
		return fault.New(fault.Limit, "there are more than %d files", intake.MaxFiles).Keeping("those before are kept").Do("make a second report of the others")
	}
	a, err := s.desk.KeepFile(ctx, whoOf(ctx), name, kind, body, room)
	if err == nil {
		got.files = append(got.files, a)
	}
	return err
}
