package store

import (
	"path/filepath"

	"ward/fault"
)

// LockServer keeps a second server out of the workspace in dir; commands may run beside one. release lets the next in.
func LockServer(dir string) (release func(), err error) {
	f, held, err := lockFile(filepath.Join(dir, "server.lock"))
	if held {
		return nil, fault.New(fault.Conflict, "another server runs on this workspace").Keeping("it goes on undisturbed").
			Do("use that one, or stop it first; commands such as ward import may run beside it")
	}
	if err != nil {
		return nil, fault.Wrap(err, fault.Refused, "the lock that keeps a second server out cannot be taken").Do("check that the directory exists and is yours")
	}
	return func() { f.Close() }, nil
}
