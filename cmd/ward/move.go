package main

const (
	moveBegins = "This workspace was made by Ward's first version, which kept its records in clear. Now %d records move into sealed storage, under a\n" +
		"passphrase; then the clear ones are destroyed. A move that is stopped begins again at the next start.\n"
	moveEnds = "All records are sealed and checked, and the clear ones destroyed. Ward cannot reach what the disk itself keeps aside, snapshots, and backups made\n" +
		"before: destroy or encrypt those (docs/decisions/0010-sealing-what-was-clear.md).\n"
	moveEndsOnServer = "The server keeps dropped tables in its freed pages, its statistics and its write-ahead log until it uses that space again. As its administrator,\n" +
		"run in this database: VACUUM FULL; CHECKPOINT; SELECT pg_switch_wal(); CHECKPOINT; and replace base backups and archived WAL.\n"
)

// moving tells of the move of what Ward's first version kept in clear.
func (w workspace) moving(con *console) func(done, total int) {
	line := newProgress(con.err)
	return func(done, total int) {
		switch {
		case total == 0: // an empty workspace
		case done == 0:
			con.note(moveBegins, total)
		case done < total:
			line.show(int64(done), int64(total), done)
		default:
			line.done()
			con.note(moveEnds)
			if w.DB != "" {
				con.note(moveEndsOnServer)
			}
		}
	}
}
